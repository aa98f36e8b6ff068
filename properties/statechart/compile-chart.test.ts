import { describe, expect, it } from 'vitest'
import { type ChartEvent, chart, compileChart, type Dispatch, type Overrides } from '../../src/statechart/index.ts'
import { Gate, gate } from './entities.ts'

const NO_EVENT: ChartEvent = { a: 0, b: 0, ref: 0 }
const forms: readonly Dispatch[] = ['table', 'generated']

describe.each(forms)('a compiled chart, by %s', (form) => {
  const compiled = compileChart(gate, {}, form)
  const begin = () => {
    const self = new Gate()
    self.st = compiled.initialLeaf
    const send = (code: number, event: Partial<ChartEvent> = {}) => {
      self.log.length = 0
      const expected = compiled.send(self, code, { ...NO_EVENT, ...event })
      return { expected, log: [...self.log], leaf: compiled.leaves[self.st] }
    }
    return { self, send }
  }

  it('runs a chart: actions and timers in order, then the leaf', () => {
    const { send } = begin()
    const { START, ENTER, KEY, LOCK } = gate.code
    expect(send(START)).toEqual({ expected: true, log: ['open', 'arm 0 500'], leaf: 'open.idle' })
    expect(send(KEY)).toEqual({ expected: true, log: ['open'], leaf: 'open.idle' })
    expect(send(ENTER, { a: 3 })).toEqual({ expected: true, log: ['admit 3'], leaf: 'open.busy' })
    expect(send(KEY)).toEqual({ expected: true, log: [], leaf: 'open.busy' })
    // The second admission makes it full; always leads to the final state, and onDone on to locked: one step.
    expect(send(ENTER, { a: 4, b: 70 })).toEqual({
      expected: true,
      log: ['admit 4', 'close', 'disarm 0', 'arm 1 1000', 'arm 2 70'],
      leaf: 'locked',
    })
    expect(send(LOCK)).toEqual({ expected: true, log: [], leaf: 'locked' })
  })

  it('gives a timer the codes after the events', () => {
    const { self, send } = begin()
    send(gate.code.START)
    expect(compiled.events).toEqual([
      'START',
      'ENTER',
      'LOCK',
      'KEY',
      'open after timeoutUs',
      'locked after 1000',
      'locked after pauseUs',
    ])
    expect(compiled.timers[0]).toEqual({ state: 'open', delay: 'timeoutUs' })
    expect(send(4)).toMatchObject({ expected: true, leaf: 'locked' })
    expect(send(4)).toMatchObject({ expected: false, leaf: 'locked' })
    self.seen = 1
    expect(send(6)).toMatchObject({ expected: true, leaf: 'locked' })
    expect(self.seen).toBe(0)
  })

  it('says that an event is unexpected, and does nothing', () => {
    const { self, send } = begin()
    expect(send(gate.code.KEY)).toEqual({ expected: false, log: [], leaf: 'boot' })
    expect(self.st).toBe(compiled.leaf.boot)
  })

  it('replaces what a mutant overrides', () => {
    const mutant: Overrides<Gate> = {
      guards: { urgent: (self) => self.seen === 0, full: () => false },
      actions: {
        open: (self, event) => {
          self.log.push(`mutant ${event.ref}`)
        },
      },
    }
    const mutated = compileChart(gate, mutant, form)
    const self = new Gate()
    mutated.check(self)
    mutated.send(self, gate.code.START, { ...NO_EVENT, ref: 7 })
    mutated.send(self, gate.code.ENTER, NO_EVENT)
    expect(self.log).toEqual(['mutant 7', 'arm 0 500', 'close', 'disarm 0', 'arm 1 1000', 'arm 2 0'])
  })

  it('refuses a code, a leaf or a delay that is none', () => {
    const { self, send } = begin()
    expect(() => send(7)).toThrow("chart gate: an event's code is 0 to 6 ('START', 'ENTER', ")
    expect(() => send(-1)).toThrow('got -1')
    self.st = 5
    expect(() => send(0)).toThrow("chart gate: the field 'st' holds a leaf, 0 to 4; got 5: begin with initialLeaf")
    self.st = Number.NaN
    expect(() => send(0)).toThrow('got NaN')
    self.st = 0
    self.timeoutUs = 0.5
    expect(() => send(0)).toThrow(
      'chart gate: after timeoutUs: a delay is a finite integer >= 0 in microseconds; got 0.5',
    )
    self.timeoutUs = -1
    expect(() => send(0)).toThrow('got -1')
  })

  it('finds an action that changes the leaf behind its back', () => {
    const { send } = begin()
    const reset = (self: Gate) => {
      self.st = 2
    }
    const meddler = compileChart(gate, { actions: { reset } }, form)
    const self = new Gate()
    expect(send(0).expected).toBe(true)
    expect(() => meddler.send(self, 0, NO_EVENT)).toThrow(
      "chart gate: boot: an action changed the field 'st' to 2; the leaf is written after the actions",
    )
  })

  it('keeps the leaf of a second chart in a field of its own', () => {
    const second = chart<Gate>()('second', {
      events: ['START'],
      field: 'phase',
      root: { initial: 'boot', states: { boot: { on: { START: 'on' } }, on: { on: { START: {} } } } },
    })
    const table = compileChart(second, {}, form)
    const self = new Gate()
    table.send(self, 0, NO_EVENT)
    expect([self.st, self.phase]).toEqual([0, 1])
  })
})

describe('a compiled chart', () => {
  const compiled = compileChart(gate)

  it('lists its leaves in document order', () => {
    expect(compiled.leaves).toEqual(['boot', 'open.idle', 'open.busy', 'open.leaving', 'locked'])
    expect(compiled.leaf['open.busy']).toBe(2)
    expect(compiled.initialLeaf).toBe(0)
  })

  it('matches states and their parents', () => {
    const self = new Gate()
    self.st = 2
    expect(['boot', 'open', 'open.idle', 'open.busy', 'locked'].filter((path) => compiled.matches(self, path))).toEqual(
      ['open', 'open.busy'],
    )
    expect(() => compiled.matches(self, 'opn')).toThrow(
      "chart gate: matches 'opn': no such state; did you mean 'open'?",
    )
    expect(() => compiled.matches(self, 'completelyElse')).toThrow("no such state; it has 'boot', 'open', 'open.idle'")
  })

  it('shows the trees that XState answered', () => {
    expect(compiled.tree(1, gate.code.ENTER)).toEqual({
      operations: [],
      guard: 'urgent',
      yes: {
        operations: [
          { kind: 'action', name: 'close' },
          { kind: 'disarm', timer: 0 },
          { kind: 'arm', timer: 1, delay: 1000 },
          { kind: 'arm', timer: 2, delay: 'pauseUs' },
        ],
        leaf: 4,
      },
      no: {
        operations: [{ kind: 'action', name: 'admit' }],
        guard: 'full',
        yes: {
          operations: [
            { kind: 'action', name: 'close' },
            { kind: 'disarm', timer: 0 },
            { kind: 'arm', timer: 1, delay: 1000 },
            { kind: 'arm', timer: 2, delay: 'pauseUs' },
          ],
          leaf: 4,
        },
        no: { operations: [], leaf: 2 },
      },
    })
    expect(compiled.tree(0, gate.code.KEY)).toBeNull()
    expect(compiled.tree(4, gate.code.ENTER)).toEqual({ operations: [], leaf: 4 })
    expect(() => compiled.tree(5, 0)).toThrow('chart gate: there are 5 leaves and 7 events; got leaf 5, code 0')
  })

  it('ends in a final state of the root: nothing is expected any more', () => {
    const ending = chart<Gate>()('ending', {
      events: ['START', 'LOCK'],
      root: {
        initial: 'boot',
        on: { LOCK: { actions: 'open' } },
        states: { boot: { on: { START: 'end' } }, end: { type: 'final', exit: 'close' } },
      },
    })
    const self = new Gate()
    const table = compileChart(ending)
    expect(table.send(self, 0, NO_EVENT)).toBe(true)
    // XState leaves the final state when the machine ends.
    expect(self.log).toEqual(['close'])
    expect(table.send(self, 1, NO_EVENT)).toBe(false)
  })

  it('takes what the root does on any event as expected', () => {
    const any = chart<Gate>()('any', {
      events: ['START', 'ENTER'],
      root: { initial: 'boot', on: { '*': { actions: 'close' } }, states: { boot: { on: { START: 'on' } }, on: {} } },
    })
    const self = new Gate()
    expect(compileChart(any).send(self, 1, NO_EVENT)).toBe(true)
    expect(self.log).toEqual(['close'])
  })
})

describe('overrides', () => {
  it('are refused unless the chart uses the name', () => {
    expect(() => compileChart(gate, { guards: { urgnt: () => true } })).toThrow(
      "chart gate: override guards.urgnt: no such name; did you mean 'urgent'? it uses 'urgent', 'full'",
    )
    expect(() => compileChart(gate, { actions: { somethingElse: () => {} } })).toThrow(
      "chart gate: override actions.somethingElse: no such name; it uses 'reset', 'open', 'close', 'admit'",
    )
    // A guard does not stand in for an action.
    expect(() => compileChart(gate, { actions: { urgent: () => {} } })).toThrow('override actions.urgent')
  })
})

describe('check', () => {
  const compiled = compileChart(gate)
  const without = (member: string, value?: unknown) => Object.assign(new Gate(), { [member]: value })

  it('passes an entity that has everything', () => {
    expect(() => compiled.check(new Gate())).not.toThrow()
  })

  it.each([
    ['urgent', undefined, "chart gate: the entity has no guard 'urgent': expected a method, got undefined"],
    ['admit', 3, "chart gate: the entity has no action 'admit': expected a method, got number"],
    ['armTimer', undefined, "the entity has no timer operation 'armTimer'"],
    ['disarmTimer', undefined, "the entity has no timer operation 'disarmTimer'"],
    ['timeoutUs', '5', "the entity has no delay 'timeoutUs': expected a number or a method, got string"],
    ['pauseUs', undefined, "the entity has no delay 'pauseUs'"],
    ['st', undefined, "the entity's field 'st' holds the leaf: expected a number, got undefined"],
    [
      'full',
      (event: ChartEvent) => event.a > 0,
      "the guard 'full' of an always transition takes the event, but any event may have led there; read fields",
    ],
  ])('misses %s', (member, value, message) => {
    expect(() => compiled.check(without(member, value))).toThrow(message)
  })

  it('looks at what a mutant asks instead', () => {
    expect(() =>
      compileChart(gate, { guards: { full: (self, event) => event.a > self.seen } }).check(new Gate()),
    ).toThrow("the guard 'full' of an always transition takes the event")
    expect(() => compileChart(gate, { guards: { full: (self) => self.seen > 4 } }).check(without('full'))).not.toThrow()
  })

  it('wants no timers from an entity whose chart has none', () => {
    const plain = chart<{ st: number; note(): void }>()('plain', {
      events: ['START'],
      root: { initial: 'boot', states: { boot: { on: { START: { target: 'on', actions: 'note' } } }, on: {} } },
    })
    expect(() => compileChart(plain).check({ st: 0, note: () => {} })).not.toThrow()
  })
})
