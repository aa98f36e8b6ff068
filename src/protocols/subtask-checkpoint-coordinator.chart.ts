import { chart } from '../statechart/index.ts'
import type { SubtaskCheckpointCoordinator } from './subtask-checkpoint-coordinator.ts'

/** What everybody hears of an aborted checkpoint, in this order. */
const told = ['abortChannelState', 'abortOperators', 'forgetLocal'] as const

/**
 * The task's side of a checkpoint between its barriers and the coordinator; each asynchronous part has a chart of its own
 * (async-checkpoint). Flink: SubtaskCheckpointCoordinatorImpl. There `checkpointState` is one call; here the preparation may take
 * a step of its own, because it can have an effect of its own.
 */
export const subtaskCheckpointCoordinatorChart = chart<SubtaskCheckpointCoordinator>()(
  'subtask-checkpoint-coordinator',
  {
    events: [
      'START',
      'INIT',
      'TRIGGER',
      'PREPARED',
      'TAKEN',
      'NOT_TAKEN',
      'ABORT_ON_BARRIER',
      'ABORTED',
      'COMPLETED',
      'SUBSUMED',
      'OUTPUT_TIMEOUT',
    ],
    root: {
      initial: 'boot',
      on: {
        ABORTED: [
          { guard: 'taskStands', actions: 'forgetLocal' },
          { guard: 'asyncRuns', actions: ['cancelAsync', ...told] },
          { guard: 'ahead', actions: ['remember', ...told] },
          { actions: [...told] },
        ],
        COMPLETED: [
          { guard: 'taskStands', actions: 'confirmLocal' },
          { actions: ['completeOperators', 'confirmLocal'] },
        ],
        SUBSUMED: [{ guard: 'taskStands' }, { actions: 'subsumeOperators' }],
        OUTPUT_TIMEOUT: [{ guard: 'timerRuns', actions: 'timeOutOutputs' }, {}],
      },
      states: {
        boot: { on: { START: { target: 'idle', actions: 'knowRestored' } } },
        idle: {
          on: {
            /** In-flight data begins to be written; what is timed out later is written then. Flink: initInputsCheckpoint. */
            INIT: [
              { guard: 'unaligned', actions: ['startChannelState', 'persistInputs', 'finishInputs'] },
              { guard: 'canTimeOut', actions: ['startChannelState', 'finishInputs'] },
              {},
            ],
            TRIGGER: [
              { guard: 'outOfOrder', actions: ['giveUpChannelState', 'clearAborted'] },
              {
                guard: 'abortedBefore',
                actions: ['advance', 'clearAborted', 'forwardCancel', 'giveUpChannelState'],
              },
              { target: 'preparing', actions: ['advance', 'prepare'] },
            ],
            ABORT_ON_BARRIER: {
              actions: [
                'advance',
                'dropOlderAborted',
                'giveUpChannelState',
                'decline',
                'disarmOwnTimer',
                'abortOutputs',
                'sendCancel',
              ],
            },
          },
        },
        preparing: {
          on: {
            PREPARED: [
              {
                guard: 'unaligned',
                target: 'snapshotting',
                actions: [
                  'sendPriorityBarrier',
                  'disarmOutputTimer',
                  'finishOutputs',
                  'takeChannelState',
                  'takeSnapshot',
                ],
              },
              {
                guard: 'canTimeOut',
                target: 'snapshotting',
                actions: [
                  'sendTimedBarrier',
                  'disarmOutputTimer',
                  'armOutputTimer',
                  'finishOutputs',
                  'takeChannelState',
                  'takeSnapshot',
                ],
              },
              { target: 'snapshotting', actions: ['sendBarrier', 'disarmOutputTimer', 'takeSnapshot'] },
            ],
          },
        },
        snapshotting: {
          on: {
            TAKEN: [
              { guard: 'poolFull', target: 'idle', actions: ['giveUpChannelState', 'refuse'] },
              { target: 'idle', actions: 'startAsync' },
            ],
            /** The barrier is on its way all the same: it goes out before the state is copied. */
            NOT_TAKEN: { target: 'idle', actions: 'giveUpChannelState' },
          },
        },
      },
    },
  },
)
