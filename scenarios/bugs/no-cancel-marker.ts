import type { BugDefinition } from '../../src/check/index.ts'
import type { SubtaskCheckpointCoordinator } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const noCancelMarker: BugDefinition = {
  id: 'no-cancel-marker',
  issue: 'FLINK-18238',
  title: 'An aborted checkpoint is not cancelled downstream',
  mechanism:
    'The notice of an abort overtakes the barriers; the task then skips its snapshot without a cancellation marker, and whoever has aligned other inputs waits for its barrier for ever.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'subtask-checkpoint-coordinator': {
        actions: { forwardCancel: () => {} },
      } satisfies Overrides<SubtaskCheckpointCoordinator>,
    },
  },
  oracles: ['progress'],
  verdict: 'liveness',
}
