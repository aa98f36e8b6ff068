import { chart, ignore } from '../../statechart/index.ts'
import type { Acceptor } from './acceptor.ts'

/** To an acceptor. What it begins to write is answered only when it is on the disk; other requests wait until then. */
export const ACCEPTOR_MESSAGES = [
  'START',
  'PREPARE', //  a: ballot, b: first slot that matters
  'ACCEPT', //   a: ballot, b: slot, ref: command
  'BEAT', //     a: ballot, b: number of the beat, ref: slots that the leader knows to be chosen, from the first one on
  'WRITTEN', //  self: the disk is done
  'REJOIN', //   a: ballot, b: node that has lost its memory, ref: its Life
  'BEHIND', //   a: ballot that has been promised, b: node, ref: the Life that it knows of, in reply to REJOIN
  'REJOINED', // a: ballot, b: node, ref: Memory
  'REMEMBER', // self: a majority has told what it remembers
  'ASK_AGAIN', //self: some have not answered yet
  'CRASH', //    a: 1 if the disk writes half of what it was about to write
  'RESTART',
] as const

export const acceptorChart = chart<Acceptor>()('acceptor', {
  events: ACCEPTOR_MESSAGES,
  root: {
    initial: 'boot',
    on: ignore('BEHIND', 'REJOINED', 'REMEMBER', 'ASK_AGAIN'),
    states: {
      boot: { on: { START: 'voting' } },
      voting: {
        initial: 'idle',
        states: {
          idle: {
            on: {
              PREPARE: [
                { guard: 'promisedThis', actions: 'promiseAgain' },
                { guard: 'leased', actions: 'refuse' },
                { guard: 'outbids', target: 'writing', actions: 'beginPromise' },
                { actions: 'refuse' },
              ],
              ACCEPT: [
                { guard: 'acceptedThis', actions: 'acceptAgain' },
                { guard: 'promisedNothingAbove', target: 'writing', actions: 'beginAcceptance' },
                { actions: 'refuse' },
              ],
              BEAT: [{ guard: 'promisedNothingAbove', actions: ['grant', 'passOn'] }, { actions: 'refuse' }],
              REJOIN: [{ guard: 'newsOfLife', target: 'writing', actions: 'beginLife' }, { actions: 'tellBehind' }],
              CRASH: { target: '#acceptor.down', actions: 'forget' },
            },
          },
          writing: {
            on: {
              WRITTEN: { target: 'idle', actions: ['persist', 'hold', 'reply', 'takeUp'] },
              PREPARE: { actions: 'putAside' },
              ACCEPT: { actions: 'putAside' },
              BEAT: { actions: 'putAside' },
              REJOIN: { actions: 'putAside' },
              CRASH: { target: '#acceptor.down', actions: ['breakOff', 'forget'] },
            },
          },
        },
      },
      down: {
        on: {
          RESTART: [
            { guard: 'diskLost', target: 'rejoining', actions: ['holdBack', 'beginAnew', 'askOthers'] },
            { target: 'voting', actions: ['readPromise', 'readAcceptances', 'holdBack'] },
          ],
          ...ignore('PREPARE', 'ACCEPT', 'BEAT', 'REJOIN', 'CRASH'),
        },
      },
      /** It does not remember what it has promised and accepted, so it votes no more until a majority of the others has told it. */
      rejoining: {
        initial: 'asking',
        on: {
          BEAT: { actions: 'passOn' },
          CRASH: { target: 'down', actions: 'forget' },
          ...ignore('PREPARE', 'ACCEPT', 'REJOIN'),
        },
        states: {
          asking: {
            on: {
              BEHIND: [{ guard: 'ofThisLife', actions: 'raise' }, {}],
              REJOINED: [{ guard: 'ofThisRejoining', actions: 'recollect' }, {}],
              ASK_AGAIN: { actions: 'askOthers' },
              REMEMBER: { target: 'writing', actions: 'beginMemory' },
            },
          },
          writing: { on: { WRITTEN: { target: '#acceptor.voting', actions: 'persistMemory' } } },
        },
      },
    },
  },
})
