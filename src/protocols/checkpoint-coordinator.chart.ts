import { COORDINATOR_MESSAGES } from '../model/index.ts'
import { chart, ignore } from '../statechart/index.ts'
import type { BarrierCoordinator } from './checkpoint-coordinator.ts'

/**
 * The coordinator's schedule: when a checkpoint is begun, and what a restart has to wait for. Each checkpoint on its way has a
 * chart of its own (pending-checkpoint). Flink: CheckpointCoordinator, CheckpointRequestDecider.
 */
export const checkpointCoordinatorChart = chart<BarrierCoordinator>()('checkpoint-coordinator', {
  events: COORDINATOR_MESSAGES,
  root: {
    initial: 'boot',
    on: {
      ACK: [
        { guard: 'pending', actions: 'acknowledge' },
        { guard: 'referenced', actions: 'ignoreLateAck' },
        { actions: 'discardLateAck' },
      ],
      DECLINE: { actions: 'decline' },
      EXPIRE: { actions: 'expire' },
      STORED: { actions: 'stored' },
      RESOLVED: { actions: 'resolved' },
      REMOVED: { actions: 'removed' },
    },
    states: {
      boot: { on: { START: 'stopped' } },
      stopped: {
        on: {
          LOAD: { target: 'loading', actions: 'readStore' },
          SCHEDULE: { target: 'scheduled.waiting', actions: 'startSchedule' },
          RESTORE: [{ guard: 'writeInFlight', target: 'settling' }, { actions: 'answerBasis' }],
          ...ignore('TICK', 'ID', 'SNAPSHOTTED', 'SUSPEND', 'LOADED'),
        },
      },
      loading: {
        on: {
          LOADED: { target: 'stopped', actions: ['takeStore', 'answerBasis'] },
          ...ignore('TICK', 'ID', 'SNAPSHOTTED', 'SUSPEND'),
        },
      },
      /** A metadata write in flight decides which checkpoint is the newest: a restart waits for its outcome. */
      settling: {
        on: {
          STORED: [{ actions: ['stored', 'checkSettled'] }],
          RESOLVED: [{ actions: ['resolved', 'checkSettled'] }],
          TICK: [{ guard: 'settled', target: 'stopped', actions: 'answerBasis' }, {}],
          ...ignore('ID', 'SNAPSHOTTED', 'SUSPEND'),
        },
      },
      scheduled: {
        on: { SUSPEND: { target: 'stopped', actions: ['abortAll', 'stopSchedule'] } },
        states: {
          waiting: {
            on: {
              TICK: [
                { guard: 'inMinPause', actions: 'postpone' },
                { guard: 'noSlot', actions: ['rearm', 'queue'] },
                { target: 'drawing', actions: ['rearm', 'drawId'] },
              ],
              ...ignore('ID', 'SNAPSHOTTED'),
            },
          },
          drawing: {
            on: {
              ID: { target: 'snapshotting', actions: 'snapshotEnumerators' },
              TICK: { actions: ['rearm', 'queue'] },
              ...ignore('SNAPSHOTTED'),
            },
          },
          snapshotting: {
            on: {
              SNAPSHOTTED: [
                { guard: 'foreignSnapshot' },
                { guard: 'lastEnumerator', target: 'waiting', actions: ['recordEnumerator', 'trigger', 'lookAtQueue'] },
                { actions: 'recordEnumerator' },
              ],
              TICK: { actions: ['rearm', 'queue'] },
              ...ignore('ID'),
            },
          },
        },
        initial: 'waiting',
      },
    },
  },
})
