import { chart, ignore } from '../statechart/index.ts'
import type { PendingCheckpoint } from './pending-checkpoint.ts'

/** How each end but success ends: the requester hears of it, files go, the failure counts or not, every task is told. */
const abort = ['failRequest', 'discardAcknowledged', 'reportFailure', 'noticeAbort', 'close'] as const
const complete = ['succeed', 'close', 'startPause'] as const
const spread = ['dropOlder', 'announce'] as const

/**
 * One checkpoint on its way, from its id to its entry in the store. Flink: PendingCheckpoint, and what CheckpointCoordinator
 * does with it. `boot`: the slot is free.
 */
export const pendingCheckpointChart = chart<PendingCheckpoint>()('pending-checkpoint', {
  events: ['START', 'TRIGGERED', 'ACK', 'DECLINE', 'EXPIRE', 'STORED', 'RESOLVED', 'ABORT'],
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'initializing' } },
      /** It has an id, and its time runs; no task knows of it yet. */
      initializing: {
        on: {
          TRIGGERED: 'collecting',
          EXPIRE: { target: 'boot', actions: ['expire', 'abandonTrigger', ...abort] },
          ABORT: { target: 'boot', actions: ['abandonTrigger', ...abort] },
        },
      },
      collecting: {
        on: {
          ACK: [
            { guard: 'foreign', actions: 'discardLate' },
            { guard: 'duplicate' },
            { guard: 'moreToCome', actions: 'recordAck' },
            // a savepoint is not kept in the store; one that ends the job is announced all the same
            { guard: 'savepoint', target: 'boot', actions: ['recordAck', 'finalize', 'handOver', ...complete] },
            {
              guard: 'syncSavepoint',
              target: 'boot',
              actions: ['recordAck', 'finalize', 'handOver', ...complete, ...spread],
            },
            { target: 'storing', actions: ['recordAck', 'writeMetadata'] },
          ],
          DECLINE: { target: 'boot', actions: ['blameTask', ...abort] },
          EXPIRE: { target: 'boot', actions: ['expire', ...abort] },
          ABORT: { target: 'boot', actions: [...abort] },
          ...ignore('STORED', 'RESOLVED'),
        },
      },
      storing: {
        on: {
          STORED: [
            {
              guard: 'stored',
              target: 'boot',
              actions: ['finalize', 'remember', 'subsumeOldest', ...complete, ...spread],
            },
            { guard: 'outcomeUnknown', target: 'resolving', actions: 'readBack' },
            {
              target: 'boot',
              actions: ['finalize', 'failRequest', 'discardUnstored', 'reportFailure', 'noticeAbort', 'close'],
            },
          ],
          ACK: [{ guard: 'known' }, { actions: 'discardLate' }],
          ...ignore('DECLINE', 'EXPIRE', 'ABORT', 'RESOLVED'),
        },
      },
      resolving: {
        on: {
          RESOLVED: [
            {
              guard: 'stored',
              target: 'boot',
              actions: ['finalize', 'remember', 'subsumeOldest', ...complete, ...spread],
            },
            {
              target: 'boot',
              actions: ['finalize', 'failRequest', 'discardUnstored', 'reportFailure', 'noticeAbort', 'close'],
            },
          ],
          ACK: [{ guard: 'known' }, { actions: 'discardLate' }],
          ...ignore('DECLINE', 'EXPIRE', 'ABORT', 'STORED'),
        },
      },
    },
  },
})
