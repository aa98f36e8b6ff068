import { chart } from '../statechart/index.ts'
import type { AtLeastOnceTask } from './at-least-once-task.ts'

/**
 * One task that counts barriers and blocks no input. Flink: CheckpointBarrierTracker. The snapshot itself
 * has a chart of its own (subtask-checkpoint-coordinator).
 */
export const atLeastOnceTaskChart = chart<AtLeastOnceTask>()('at-least-once-task', {
  events: ['START', 'BARRIER', 'CANCEL', 'END', 'TRIGGER', 'SNAPSHOT_DUE', 'SNAPSHOT_TAKEN'],
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'tracking' } },
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
          TRIGGER: [{ guard: 'obsolete' }, { target: 'due', actions: 'requestSnapshot' }],
        },
      },
      due: { on: { SNAPSHOT_DUE: { target: 'triggering', actions: 'trigger' } } },
      triggering: {
        always: [
          { guard: 'accepted', target: 'snapshotting' },
          { guard: 'refused', target: 'tracking' },
        ],
      },
      snapshotting: { on: { SNAPSHOT_TAKEN: { target: 'tracking', actions: 'startAsync' } } },
    },
  },
})
