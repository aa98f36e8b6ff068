import { chart } from '../statechart/index.ts'
import type { AtLeastOnceTask } from './at-least-once-task.ts'

/**
 * One task that counts barriers and blocks no input. Flink: CheckpointBarrierTracker, then SubtaskCheckpointCoordinatorImpl for the
 * snapshot itself.
 */
export const atLeastOnceTaskChart = chart<AtLeastOnceTask>()('at-least-once-task', {
  events: ['START', 'BARRIER', 'CANCEL', 'END', 'TRIGGER', 'SNAPSHOT_DUE', 'SNAPSHOT_TAKEN'],
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: { target: 'tracking', actions: 'knowRestored' } } },
      tracking: {
        on: {
          BARRIER: [
            { guard: 'onlyInput', target: 'due', actions: ['receive', 'requestSnapshot'] },
            { guard: 'lastOfAborted', actions: ['receive', 'forget'] },
            { guard: 'last', target: 'due', actions: ['receive', 'requestSnapshot', 'forget'] },
            { guard: 'tracked', actions: ['receive', 'count'] },
            { guard: 'first', actions: ['receive', 'track', 'count'] },
            {}, // forgotten or complete: it is of no use any more
          ],
          CANCEL: [
            { guard: 'onlyInput', actions: 'abortCancelled' },
            { guard: 'lastOfAborted', actions: ['abortOlder', 'forget'] },
            { guard: 'aborted', actions: ['abortOlder', 'count'] },
            { guard: 'last', actions: ['abortOlder', 'abortCancelled', 'forget'] },
            { guard: 'tracked', actions: ['abortOlder', 'abortCancelled', 'markAborted', 'count'] },
            { guard: 'first', actions: ['abortOlder', 'abortCancelled', 'trackAborted', 'count'] },
            { actions: 'abortOlder' },
          ],
          END: [
            { guard: 'endAborts', actions: ['close', 'abortEnded'] },
            { guard: 'endOfAborted', actions: ['close', 'countEnd', 'forgetEnded'] },
            { guard: 'lastByEnd', target: 'due', actions: ['close', 'countEnd', 'requestEnded', 'forgetEnded'] },
            { actions: ['close', 'countEnd'] },
          ],
          TRIGGER: [{ guard: 'outOfOrder' }, { target: 'due', actions: 'requestSnapshot' }],
        },
      },
      due: {
        on: {
          SNAPSHOT_DUE: [
            { guard: 'outOfOrder', target: 'tracking' },
            { guard: 'abortedBefore', target: 'tracking', actions: ['skip', 'forwardCancel'] },
            { target: 'snapshotting', actions: 'accept' },
          ],
        },
      },
      snapshotting: { on: { SNAPSHOT_TAKEN: 'tracking' } },
    },
  },
})
