import { COORDINATOR_MESSAGES } from '../model/index.ts'
import { chart, ignore } from '../statechart/index.ts'
import type { BarrierCoordinator } from './checkpoint-coordinator.ts'

/**
 * The coordinator's schedule, and what a restart has to wait for. The request that is being triggered has a chart of its own
 * (checkpoint-trigger), and so has each checkpoint on its way (pending-checkpoint). Flink: CheckpointCoordinator.
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
      RPC_FAILED: { actions: 'abortUntold' },
      CLEANED: { actions: 'countCleaned' },
      ABORT: { actions: 'abortPending' },
      REQUEST: { actions: 'request' },
      LOOK: { actions: 'look' },
      ID: { actions: 'idDrawn' },
      SNAPSHOTTED: { actions: 'enumeratorSnapshotted' },
      INITIALIZED: { actions: 'placeInitialized' },
      TRIGGER_FAILED: { actions: 'giveUpTrigger' },
      // a source that has caught up arms the trigger even if the schedule is stopped: its requests are then refused
      TICK: { actions: ['rearm', 'requestPeriodic'] },
      BACKLOG: { actions: 'noteBacklog' },
    },
    states: {
      boot: { on: { START: 'stopped' } },
      stopped: {
        on: {
          LOAD: { target: 'loading', actions: 'readStore' },
          SCHEDULE: { target: 'scheduled', actions: 'startSchedule' },
          SUSPEND: { actions: ['stopSchedule', 'suspend'] },
          RESTORE: [{ guard: 'writeInFlight', target: 'settling' }, { actions: 'answerBasis' }],
          SHUT_DOWN: { target: 'shutDown', actions: 'shutDown' },
          ...ignore('LOADED'),
        },
      },
      loading: {
        on: {
          LOADED: { target: 'stopped', actions: ['takeStore', 'answerBasis'] },
          ...ignore('SUSPEND'),
        },
      },
      /** A metadata write in flight decides which checkpoint is the newest: a restart waits for its outcome. */
      settling: {
        always: { guard: 'settled', target: 'stopped', actions: 'answerBasis' },
        on: ignore('SUSPEND'),
      },
      scheduled: {
        on: {
          SCHEDULE: { actions: ['stopSchedule', 'suspend', 'startSchedule'] },
          SUSPEND: { target: 'stopped', actions: ['stopSchedule', 'suspend'] },
          RESTORE: { actions: 'answerBasis' },
          SHUT_DOWN: { target: 'shutDown', actions: 'shutDown' },
        },
      },
      shutDown: {
        on: {
          ACK: { actions: 'ignoreAck' },
          ...ignore('DECLINE', 'EXPIRE', 'LOOK', 'SUSPEND', 'SHUT_DOWN', 'ABORT'),
        },
      },
    },
  },
})
