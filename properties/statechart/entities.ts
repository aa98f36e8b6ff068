// A small chart with everything in it, and its entity, for the tests of this folder.
import { type ChartEvent, chart, ignore, type TimerHost } from '../../src/statechart/index.ts'

export class Gate implements TimerHost {
  st = 0
  phase = 0
  seen = 0
  timeoutUs = 500
  readonly log: string[] = []

  urgent(event: ChartEvent) {
    return event.a > 9
  }
  full() {
    return this.seen >= 2
  }
  admit(event: ChartEvent) {
    this.seen += 1
    this.log.push(`admit ${event.a}`)
  }
  open() {
    this.log.push('open')
  }
  close() {
    this.log.push('close')
  }
  reset() {
    this.seen = 0
  }
  pauseUs(event: ChartEvent) {
    return event.b
  }
  armTimer(timer: number, delayUs: number) {
    this.log.push(`arm ${timer} ${delayUs}`)
  }
  disarmTimer(timer: number) {
    this.log.push(`disarm ${timer}`)
  }
}

export const gate = chart<Gate>()('gate', {
  events: ['START', 'ENTER', 'LOCK', 'KEY'],
  root: {
    initial: 'boot',
    on: { LOCK: '.locked' },
    states: {
      boot: { on: { START: { target: 'open', actions: 'reset' } } },
      open: {
        entry: 'open',
        exit: ['close'],
        initial: 'idle',
        after: { timeoutUs: '#gate.locked' },
        onDone: { target: 'locked' },
        on: { KEY: { actions: 'open' } },
        states: {
          idle: {
            on: {
              ENTER: [
                { guard: 'urgent', target: 'leaving' },
                { target: 'busy', actions: 'admit' },
              ],
            },
          },
          busy: {
            always: { guard: 'full', target: 'leaving' },
            on: { ENTER: { actions: 'admit' }, ...ignore('KEY') },
          },
          leaving: { type: 'final' },
        },
      },
      locked: {
        after: { 1000: { target: 'open', reenter: true }, pauseUs: { actions: 'reset' } },
        on: { ...ignore('ENTER', 'LOCK'), KEY: { target: 'open', actions: ['reset', 'open'] } },
      },
    },
  },
})
