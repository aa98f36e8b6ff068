import type { BugDefinition } from '../../src/check/index.ts'
import { BARRIER } from '../../src/model/index.ts'
import type { SubtaskCheckpointCoordinator } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'
import keyedState from '../keyed-state.ts'
import { withSavepoints } from '../with-savepoints.ts'

export const savepointBarrierOvertakes: BugDefinition = {
  id: 'savepoint-barrier-overtakes',
  issue: 'FLINK-18252',
  title: 'The barrier of a savepoint overtakes records',
  mechanism:
    'Where barriers may overtake, that of a savepoint does so too, although a savepoint is aligned and nobody writes channel state for it: what it goes past in the outputs is in no state.',
  scenario: 'keyed-state',
  variant: withSavepoints(keyedState),
  protocol: 'unaligned',
  mutation: {
    charts: {
      'subtask-checkpoint-coordinator': {
        // those of checkpoints go out by another action here
        actions: { sendBarrier: ({ host }, { a }) => host.broadcast(BARRIER, a, true) },
      } satisfies Overrides<SubtaskCheckpointCoordinator>,
    },
  },
  oracles: ['in-flight'],
  verdict: 'safety',
}
