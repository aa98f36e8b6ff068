import { chart, ignore } from '../statechart/index.ts'
import type { PendingCheckpoint } from './pending-checkpoint.ts'

/** One checkpoint on its way, from its trigger to its entry in the store. Flink: PendingCheckpoint. `boot`: the slot is free. */
export const pendingCheckpointChart = chart<PendingCheckpoint>()('pending-checkpoint', {
  events: ['START', 'ACK', 'DECLINE', 'EXPIRE', 'STORED', 'RESOLVED', 'SUSPEND'],
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'collecting' } },
      collecting: {
        on: {
          ACK: [
            { guard: 'foreign', actions: 'discardLate' },
            { guard: 'duplicate' },
            { guard: 'lastAck', target: 'storing', actions: ['recordAck', 'writeMetadata'] },
            { actions: 'recordAck' },
          ],
          DECLINE: [
            { guard: 'foreign' },
            { target: 'boot', actions: ['discardAcknowledged', 'noticeAbort', 'countFailure', 'close'] },
          ],
          EXPIRE: {
            target: 'boot',
            actions: ['expire', 'discardAcknowledged', 'noticeAbort', 'countFailure', 'close'],
          },
          SUSPEND: { target: 'boot', actions: ['discardAcknowledged', 'close'] },
          ...ignore('STORED', 'RESOLVED'),
        },
      },
      storing: {
        on: {
          STORED: [
            { guard: 'stored', target: 'boot', actions: ['remember', 'announce', 'close', 'subsumeOlder'] },
            { guard: 'outcomeUnknown', target: 'resolving', actions: 'readBack' },
            { target: 'boot', actions: ['discardUnstored', 'noticeAbort', 'countFailure', 'close'] },
          ],
          ACK: [{ guard: 'known' }, { actions: 'discardLate' }],
          ...ignore('DECLINE', 'EXPIRE', 'SUSPEND', 'RESOLVED'),
        },
      },
      resolving: {
        on: {
          RESOLVED: [
            { guard: 'stored', target: 'boot', actions: ['remember', 'announce', 'close', 'subsumeOlder'] },
            { target: 'boot', actions: ['discardUnstored', 'noticeAbort', 'countFailure', 'close'] },
          ],
          ACK: [{ guard: 'known' }, { actions: 'discardLate' }],
          ...ignore('DECLINE', 'EXPIRE', 'SUSPEND', 'STORED'),
        },
      },
    },
  },
})
