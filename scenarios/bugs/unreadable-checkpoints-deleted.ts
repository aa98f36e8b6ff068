import type { BugDefinition } from '../../src/check/index.ts'
import type { BarrierCoordinator } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const unreadableCheckpointsDeleted: BugDefinition = {
  id: 'unreadable-checkpoints-deleted',
  issue: 'FLINK-7783',
  title: 'Checkpoints that cannot be read for a moment are deleted',
  mechanism:
    'A new leader takes a transient error of the storage for broken entries and removes what it could not read: the job starts from empty, and no later leader finds the checkpoints either (FLINK-8487: the same with the handles of another store).',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'checkpoint-coordinator': {
        actions: {
          takeStore(coordinator, answer) {
            coordinator.takeStore(answer)
            coordinator.dropCompleted()
          },
        },
      } satisfies Overrides<BarrierCoordinator>,
    },
  },
  oracles: ['recency'],
  verdict: 'safety',
}
