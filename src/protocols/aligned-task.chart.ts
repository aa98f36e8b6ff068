import { chart, ignore } from '../statechart/index.ts'
import type { AlignedTask } from './aligned-task.ts'

/**
 * One task under aligned barriers. Flink: SingleCheckpointBarrierHandler with WaitingForFirstBarrier and CollectingBarriers.
 * The snapshot itself has a chart of its own (subtask-checkpoint-coordinator).
 */
export const alignedTaskChart = chart<AlignedTask>()('aligned-task', {
  events: ['START', 'BARRIER', 'CANCEL', 'TRIGGER', 'SNAPSHOT_DUE', 'SNAPSHOT_TAKEN', 'END', 'LATE'],
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'waiting' } },
      waiting: {
        on: {
          BARRIER: [
            { guard: 'obsolete', actions: 'resume' },
            { guard: 'last', target: 'aligned', actions: ['begin', 'align', 'requestSnapshot'] },
            { target: 'aligning', actions: ['begin', 'align'] },
          ],
          CANCEL: [{ guard: 'cancelsNewer', actions: ['cancel', 'abortCancelled'] }, {}],
          END: { actions: 'close' },
          TRIGGER: [{ guard: 'obsolete' }, { target: 'aligned', actions: ['begin', 'requestSnapshot'] }],
          ...ignore('SNAPSHOT_DUE', 'SNAPSHOT_TAKEN', 'LATE'),
        },
      },
      aligning: {
        on: {
          BARRIER: [
            { guard: 'obsolete', actions: 'resume' },
            { guard: 'newer', actions: ['releaseAll', 'abortSuperseded', 'begin', 'align'] },
            { guard: 'last', target: 'aligned', actions: ['align', 'requestSnapshot'] },
            { actions: 'align' },
          ],
          CANCEL: [
            { guard: 'cancelsNewer', target: 'waiting', actions: ['cancel', 'releaseAll', 'abortCancelled'] },
            { guard: 'cancelsCurrent', target: 'waiting', actions: ['cancel', 'releaseAll', 'abortCancelled'] },
            {},
          ],
          END: [
            { guard: 'endAborts', target: 'waiting', actions: ['close', 'cancel', 'releaseAll', 'abortEnded'] },
            { guard: 'last', target: 'aligned', actions: ['close', 'alignEnded', 'requestSnapshot'] },
            { actions: ['close', 'alignEnded'] },
          ],
          ...ignore('LATE'),
        },
      },
      aligned: {
        on: {
          SNAPSHOT_DUE: { target: 'triggering', actions: 'trigger' },
          BARRIER: [
            { guard: 'obsolete', actions: 'resume' },
            { target: 'aligning', actions: ['releaseAll', 'begin', 'align'] },
          ],
          END: { actions: 'close' },
          LATE: { actions: 'requestSnapshotNow' },
          ...ignore('CANCEL', 'TRIGGER'),
        },
      },
      triggering: {
        always: [
          { guard: 'accepted', target: 'snapshotting' },
          { guard: 'refused', target: 'waiting', actions: 'releaseAll' },
        ],
      },
      snapshotting: {
        on: {
          SNAPSHOT_TAKEN: { target: 'waiting', actions: ['startAsync', 'releaseAll'] },
          END: { actions: 'close' },
          ...ignore('CANCEL', 'TRIGGER', 'SNAPSHOT_DUE', 'LATE'),
        },
      },
    },
  },
})
