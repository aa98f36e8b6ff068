import type { BugDefinition } from '../../src/check/index.ts'
import type { CompletedCheckpointStore } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const storeClearedWithLeadership: BugDefinition = {
  id: 'store-cleared-with-leadership',
  issue: 'FLINK-25486',
  title: 'A change of leader clears the store',
  mechanism:
    'The loss of leadership leaves the job in an unknown state that is taken for its end, and the high-availability data go: the next leader finds no checkpoint and starts from empty.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'completed-checkpoint-store': {
        actions: {
          read(store, request) {
            store.clear()
            store.read(request)
          },
        },
      } satisfies Overrides<CompletedCheckpointStore>,
    },
  },
  oracles: ['recency'],
  verdict: 'safety',
}
