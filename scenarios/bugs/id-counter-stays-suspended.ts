import type { BugDefinition } from '../../src/check/index.ts'
import type { CompletedCheckpointStore } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

/** The leader whose connection was never suspended. */
const FIRST_LEADER = 1

export const idCounterStaysSuspended: BugDefinition = {
  id: 'id-counter-stays-suspended',
  issue: 'FLINK-14091',
  title: 'The counter of checkpoint ids does not notice that the connection is back',
  mechanism:
    'When the coordination service changes its leader, the connection is suspended and comes back, but the counter stays suspended and gives out no id: no checkpoint is triggered any more.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'completed-checkpoint-store': {
        actions: {
          drawId(store, request) {
            if (store.epoch === FIRST_LEADER) store.drawId(request)
          },
        },
      } satisfies Overrides<CompletedCheckpointStore>,
    },
  },
  oracles: ['progress'],
  verdict: 'liveness',
}
