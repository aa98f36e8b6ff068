import type { BugDefinition } from '../../src/check/index.ts'
import { BARRIER } from '../../src/model/index.ts'
import { ALIGNED, type SubtaskCheckpointCoordinator, type UnalignedTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

/** The user takes a savepoint in place of every third checkpoint. */
const SAVEPOINT_EVERY = 3

export const savepointBarrierOvertakes: BugDefinition = {
  id: 'savepoint-barrier-overtakes',
  issue: 'FLINK-18252',
  title: 'The barrier of a savepoint overtakes records',
  mechanism:
    'Where barriers may overtake, that of a savepoint does so too, although a savepoint is aligned and nobody writes channel state for it: what it goes past in the outputs is in no state.',
  scenario: 'keyed-state',
  protocol: 'unaligned',
  mutation: {
    charts: {
      'unaligned-task': {
        actions: {
          initTriggered(task, trigger) {
            if (trigger.a % SAVEPOINT_EVERY !== 0) {
              task.initTriggered(trigger)
              return
            }
            task.alignment = ALIGNED
            task.subtask.initInputs(trigger.a, ALIGNED)
          },
        },
      } satisfies Overrides<UnalignedTask>,
      'subtask-checkpoint-coordinator': {
        actions: { sendBarrier: ({ host }, { a }) => host.broadcast(BARRIER, a, true) },
      } satisfies Overrides<SubtaskCheckpointCoordinator>,
    },
  },
  oracles: ['in-flight'],
  verdict: 'safety',
}
