import { chart, ignore } from '../../statechart/index.ts'
import type { Proposer } from './proposer.ts'

/** To the proposer of a node, which is its learner, too. */
export const PROPOSER_MESSAGES = [
  'START',
  'WATCH', //    self: time to see whether somebody leads
  'PROMISED', // a: ballot, b: node, ref: Memory
  'REFUSED', //  a: ballot, b: node, ref: ballot that has been promised
  'ELECTED', //  self: a majority has promised; a: ballot
  'RETRY', //    self: some have not answered; a: ballot
  'SUBMIT', //   ref: command
  'ACCEPTED', // a: ballot, b: slot, ref: node
  'CHOOSE', //   self: a majority has accepted; a: ballot, b: slot
  'GRANTED', //  a: ballot, b: number of the beat, ref: node
  'BEAT', //     self: time to ask for the lease; a: ballot
  'FOLLOW', //   from the acceptor of the node: somebody leads; a: ballot, b: slots that it knows to be chosen
  'CATCH_UP', // a: node that does not know what is chosen, b: from which slot on
  'CHOSEN', //   a: slot, ref: command
  'CAUGHT_UP', //a: slot, ref: list of commands
  'APPLY', //    self: the next slot is to be applied
  'CRASH',
  'RESTART',
] as const

export const proposerChart = chart<Proposer>()('proposer', {
  events: PROPOSER_MESSAGES,
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: { target: 'up', actions: ['begin', 'expectNobody', 'watch'] } } },
      up: {
        initial: 'following',
        on: {
          CRASH: 'down',
          CHOSEN: { actions: 'learn' },
          CAUGHT_UP: { actions: 'learnList' },
          CATCH_UP: { actions: 'teach' },
          APPLY: { actions: 'apply' },
          WATCH: { actions: 'watch' },
          FOLLOW: [{ guard: 'ofHigherBallot', target: '.following', actions: 'follow' }, { actions: 'hear' }],
          ...ignore('PROMISED', 'REFUSED', 'ELECTED', 'RETRY', 'ACCEPTED', 'CHOOSE', 'GRANTED', 'BEAT'),
        },
        states: {
          following: {
            on: {
              WATCH: [{ guard: 'silent', target: 'preparing', actions: ['bid', 'watch'] }, { actions: 'watch' }],
              FOLLOW: { actions: 'follow' },
              SUBMIT: { actions: 'redirect' },
            },
          },
          preparing: {
            on: {
              PROMISED: [{ guard: 'ofThisBid', actions: ['takeOver', 'countPromise'] }, {}],
              ELECTED: [{ guard: 'ofThisBallot', target: 'leading', actions: 'lead' }, {}],
              REFUSED: [{ guard: 'outbid', target: 'following', actions: 'standDown' }, {}],
              RETRY: [
                { guard: 'ofAnotherBallot' },
                { guard: 'patient', actions: 'askAgain' },
                { target: 'following', actions: 'standDown' },
              ],
              SUBMIT: { actions: 'redirect' },
            },
          },
          leading: {
            on: {
              SUBMIT: [
                { guard: 'answered', actions: 'answerAgain' },
                { guard: 'underway' },
                { guard: 'readsUnderLease', actions: 'answerFromState' },
                { actions: 'propose' },
              ],
              ACCEPTED: [{ guard: 'ofThisBallot', actions: 'countAcceptance' }, {}],
              CHOOSE: [{ guard: 'ofThisBallot', actions: 'choose' }, {}],
              REFUSED: [
                { guard: 'outbidUnderLease', target: 'preparing', actions: ['heed', 'bid'] },
                { guard: 'outbid', target: 'following', actions: 'standDown' },
                {},
              ],
              GRANTED: [{ guard: 'ofThisBeat', actions: 'countGrant' }, {}],
              BEAT: [{ guard: 'ofThisBallot', actions: ['beat', 'proposeAgain'] }, {}],
            },
          },
        },
      },
      down: {
        on: {
          RESTART: { target: 'up', actions: ['begin', 'watch'] },
          CRASH: {},
        },
      },
    },
  },
})
