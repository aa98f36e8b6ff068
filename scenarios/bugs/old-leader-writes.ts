import type { BugDefinition } from '../../src/check/index.ts'
import type { CompletedCheckpointStore } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const oldLeaderWrites: BugDefinition = {
  id: 'old-leader-writes',
  issue: 'SPARK-26425',
  title: 'A leader that was replaced still writes to the store',
  mechanism:
    'A write is applied without the check that nobody else has taken over since: two runs of one job put their entries into one history.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'completed-checkpoint-store': {
        actions: { apply: (store, { b, ref }) => store.apply({ a: store.epoch, b, ref }) },
      } satisfies Overrides<CompletedCheckpointStore>,
    },
  },
  oracles: ['coordination'],
  verdict: 'safety',
}
