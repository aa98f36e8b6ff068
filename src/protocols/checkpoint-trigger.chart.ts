import { chart, ignore } from '../statechart/index.ts'
import type { CheckpointTrigger } from './checkpoint-trigger.ts'

/**
 * The one request that is being turned into a checkpoint; all others wait in the queue. It goes on whatever becomes of the
 * schedule meanwhile: what has changed is found out when the id comes. Flink: CheckpointCoordinator.startTriggeringCheckpoint;
 * its `isTriggering` is true outside `idle`.
 */
export const checkpointTriggerChart = chart<CheckpointTrigger>()('checkpoint-trigger', {
  events: ['START', 'BEGIN', 'ID', 'SNAPSHOTTED', 'INITIALIZED', 'FAILED'],
  root: {
    initial: 'boot',
    // an enumerator that was asked for a checkpoint which was given up meanwhile
    on: { SNAPSHOTTED: { actions: 'reopen' }, ...ignore('ID', 'INITIALIZED', 'FAILED') },
    states: {
      boot: { on: { START: 'idle' } },
      idle: {
        on: {
          BEGIN: [
            { guard: 'refused', actions: 'reportRefusal' },
            { guard: 'unplanned', target: 'failing', actions: 'failUnplanned' },
            { target: 'drawing', actions: 'drawId' },
          ],
        },
      },
      drawing: {
        on: {
          ID: [
            { guard: 'notDrawn', target: 'failing', actions: 'failUndrawn' },
            { guard: 'refused', target: 'failing', actions: 'failRefused' },
            { guard: 'nobodyLeft', target: 'failing', actions: 'failEmpty' },
            { guard: 'noEnumerators', target: 'initializing', actions: ['createPending', 'initialize'] },
            { target: 'initializing', actions: ['createPending', 'snapshotEnumerators'] },
          ],
        },
      },
      initializing: {
        on: {
          SNAPSHOTTED: [
            { guard: 'abandoned', actions: 'reopen' },
            { guard: 'foreignSnapshot', actions: 'reopen' },
            { guard: 'disposed', target: 'idle', actions: ['reopen', 'reportDisposed'] },
            { guard: 'lastEnumerator', target: 'idle', actions: ['recordEnumerator', 'triggerTasks'] },
            { actions: 'recordEnumerator' },
          ],
          INITIALIZED: [
            { guard: 'abandoned' },
            { guard: 'disposed', target: 'idle', actions: 'reportDisposed' },
            { target: 'idle', actions: 'triggerTasks' },
          ],
          FAILED: { target: 'idle', actions: 'reportFailure' },
        },
      },
      failing: { on: { FAILED: { target: 'idle', actions: 'reportFailure' } } },
    },
  },
})
