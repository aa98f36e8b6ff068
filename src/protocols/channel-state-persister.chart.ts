import { chart, ignore } from '../statechart/index.ts'
import type { ChannelStatePersister } from './channel-state-persister.ts'

/** A newer checkpoint begins whatever the channel has seen; of an older one, only what lies in it now is written. */
const begin = [
  { guard: 'newer', target: 'pending', actions: ['forgetOlderBarrier', 'see', 'persistQueued'] },
  { actions: ['forgetOlderBarrier', 'persistQueued'] },
] as const
/** Also of a checkpoint that has not begun here: its barriers are obsolete then. */
const stop = [{ guard: 'notOlder', target: 'completed', actions: 'see' }, {}] as const

/**
 * One input channel and the newest checkpoint that it has seen. Flink: ChannelStatePersister with its states COMPLETED,
 * BARRIER_PENDING and BARRIER_RECEIVED.
 */
export const channelStatePersisterChart = chart<ChannelStatePersister>()('channel-state-persister', {
  events: ['START', 'BEGIN', 'DATA', 'BARRIER', 'ANNOUNCEMENT', 'STOP'],
  root: {
    initial: 'boot',
    on: { ANNOUNCEMENT: { actions: 'accept' } },
    states: {
      boot: { on: { START: 'completed' } },
      completed: {
        on: {
          BEGIN: begin,
          // the barrier of a checkpoint that is over is obsolete (FLINK-20654)
          BARRIER: [{ guard: 'newer', target: 'received', actions: ['see', 'accept'] }, {}],
          STOP: stop,
          ...ignore('DATA'),
        },
      },
      pending: {
        on: {
          BEGIN: begin,
          DATA: { actions: 'persistArrived' },
          BARRIER: [{ guard: 'notOlder', target: 'received', actions: ['see', 'accept'] }, {}],
          STOP: stop,
        },
      },
      received: {
        on: {
          BEGIN: [{ guard: 'older', actions: 'refuse' }, ...begin],
          BARRIER: [{ guard: 'notOlder', actions: ['see', 'accept'] }, {}],
          STOP: stop,
          ...ignore('DATA'),
        },
      },
    },
  },
})
