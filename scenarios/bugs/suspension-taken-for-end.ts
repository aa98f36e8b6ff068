import type { BugDefinition } from '../../src/check/index.ts'
import type { BarrierCoordinator } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const suspensionTakenForEnd: BugDefinition = {
  id: 'suspension-taken-for-end',
  issue: 'FLINK-19816',
  title: 'A suspended coordinator cleans up as at the end of the job',
  mechanism:
    'What stops the coordinator for a while is taken for the end of the job: the completed checkpoints leave the store, and the job goes back to its start or to whatever old one is left.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'checkpoint-coordinator': {
        actions: {
          suspend(coordinator, event) {
            coordinator.suspend(event)
            coordinator.dropCompleted()
          },
        },
      } satisfies Overrides<BarrierCoordinator>,
    },
  },
  // the entries go one by one: an older one may be left when the newest is gone
  oracles: ['recency', 'output'],
  verdict: 'safety',
}
