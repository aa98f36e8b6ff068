import { chart, ignore } from '../../statechart/index.ts'
import type { QuorumClient } from './quorum-client.ts'

/** To a client of the quorum. */
export const QUORUM_CLIENT_MESSAGES = [
  'START', //    a: session
  'CALL', //     ref: command
  'ANSWERED', // a: command, b: slots that the answer takes into account, ref: the answer
  'MOVED', //    a: command, b: node that leads, or -1
  'RETRY', //    self; a: command, b: which try
  'CRASH',
] as const

export const quorumClientChart = chart<QuorumClient>()('quorum-client', {
  events: QUORUM_CLIENT_MESSAGES,
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: { target: 'open', actions: 'begin' } } },
      open: {
        on: {
          START: { actions: 'begin' },
          CALL: { actions: 'submit' },
          ANSWERED: [{ guard: 'waitsFor', actions: 'deliver' }, {}],
          MOVED: [{ guard: 'waitsFor', actions: 'tryElsewhere' }, {}],
          RETRY: [{ guard: 'stillWaits', actions: 'tryAgain' }, {}],
          CRASH: { target: 'gone', actions: 'abandon' },
        },
      },
      gone: { on: { START: { target: 'open', actions: 'begin' }, ...ignore('ANSWERED', 'MOVED', 'CRASH') } },
    },
  },
})
