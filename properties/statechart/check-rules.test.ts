import { describe, expect, it } from 'vitest'
import {
  and,
  assign,
  cancel,
  emit,
  enqueueActions,
  log,
  not,
  or,
  raise,
  sendTo,
  spawnChild,
  stateIn,
  stopChild,
} from 'xstate'
import { type ChartDefinition, chart, compileChart } from '../../src/statechart/index.ts'

type Definition = ChartDefinition<never, string>
const make = (root: unknown, events: readonly string[] = ['START', 'GO'], name = 'task') =>
  chart<never>()(name, { events, root } as unknown as Definition)
/** A chart with the given state `on` beside boot; GO is mentioned at the root. */
const withState = (on: unknown, more: Record<string, unknown> = {}, root: Record<string, unknown> = {}) => ({
  initial: 'boot',
  on: { GO: {} },
  ...root,
  states: { boot: { on: { START: 'on' } }, on, ...more },
})

describe('a chart is refused by name and path', () => {
  it.each<[string, unknown, string]>([
    // --- implementations by name only
    [
      'assign',
      { entry: assign({}) },
      "on entry: assign is not allowed because the context is the entity's fields, which only its own methods change; write an action method instead and name it here",
    ],
    ['raise', { exit: [raise({ type: 'GO' })] }, 'on exit: raise is not allowed because one event is one step'],
    [
      'spawn',
      { on: { GO: { actions: spawnChild('x') } } },
      'on on GO: spawnChild is not allowed because a chart runs alone',
    ],
    ['stopChild', { entry: stopChild('x') }, 'on entry: stopChild is not allowed because'],
    [
      'sendTo',
      { entry: sendTo('x', { type: 'Y' }) },
      'on entry: sendTo is not allowed because events go through the kernel',
    ],
    ['cancel', { entry: cancel('x') }, 'on entry: cancel is not allowed because'],
    ['emit', { entry: emit({ type: 'x' }) }, 'on entry: emit is not allowed because'],
    ['log', { entry: log('x') }, 'on entry: log is not allowed because'],
    ['enqueueActions', { entry: enqueueActions(() => {}) }, 'on entry: enqueueActions is not allowed because'],
    [
      'an inline action',
      { entry: () => {} },
      'on entry: an inline action is not allowed because mutants, the picture and the table know actions by name; write an action method instead',
    ],
    ['params of an action', { entry: { type: 'x', params: {} } }, 'on entry: params are not allowed because'],
    ['an action that is no name', { entry: 7 }, 'on entry: an action is the name of a method; got number'],
    [
      'a name that is none',
      { entry: 'a b' },
      "on entry: the action 'a b' cannot be a method of an entity; give it another name",
    ],
    [
      "an object's own method",
      { entry: 'toString' },
      "on entry: the action 'toString' cannot be a method of an entity",
    ],
    [
      'an inline guard',
      { on: { GO: { guard: () => true } } },
      'on on GO: an inline guard is not allowed because mutants, the picture and the table know guards by name; write a guard method instead',
    ],
    [
      'not',
      { on: { GO: { guard: not('x') } } },
      'on on GO: not is not allowed because a guard is one question with one name',
    ],
    ['and', { on: { GO: { guard: and(['x']) } } }, 'on on GO: and is not allowed because'],
    ['or', { on: { GO: { guard: or(['x']) } } }, 'on on GO: or is not allowed because'],
    ['stateIn', { on: { GO: { guard: stateIn('x') } } }, 'on on GO: stateIn is not allowed because'],
    [
      'params of a guard',
      { on: { GO: { guard: { type: 'x', params: {} } } } },
      'on on GO: params are not allowed because',
    ],
    [
      'a guard that is no name',
      { on: { GO: { guard: { type: 'x' } } } },
      'on on GO: a guard is the name of a method; got object',
    ],
    [
      'a name for both',
      { entry: 'x', on: { GO: { guard: 'x' } } },
      "on on GO: 'x' is both a guard and an action; a guard only answers: write two methods",
    ],
    // --- kinds of states
    [
      'invoke',
      { invoke: { src: 'x' } },
      'on: invoke is not allowed because actors live outside the simulation; ask the kernel in an action, and declare an event for the answer',
    ],
    [
      'parallel',
      { type: 'parallel', states: {} },
      'on: parallel is not allowed because one field holds one leaf; write one chart for each region',
    ],
    ['history', { type: 'history' }, 'on: history is not allowed because the leaf is all that is remembered'],
    ['history, by key', { history: 'deep' }, 'on: history is not allowed because'],
    ['another type', { type: 'compound' }, "on: type is 'final' or left out; got 'compound'"],
    ['tags', { tags: 'x' }, 'on: tags is not allowed because tags are not in the table; ask matches()'],
    ['an unknown key', { onn: {} }, "on: 'onn' is not known here; the keys are 'type', 'initial'"],
    ['no object', 'x', 'on: a state is an object; got string'],
    [
      'a final state with transitions',
      { type: 'final', on: {} },
      'on: a final state has entry and exit actions at most; remove on',
    ],
    // --- structure
    ['states that are none', { initial: 'x', states: ['x'] }, 'on: states is a map from names to states; got object'],
    ['no states', { initial: 'x', states: {} }, 'on: states is empty; add a state, or remove it'],
    ['initial without states', { initial: 'x' }, 'on: initial needs states'],
    ['no initial', { states: { x: {} } }, "on: initial is the name of one of its states ('x'); got undefined"],
    [
      'a wrong initial',
      { initial: 'y', states: { x: {} } },
      "on: initial is the name of one of its states ('x'); got 'y'",
    ],
    [
      'an initial with actions',
      { initial: { target: 'x' }, states: { x: {} } },
      "on: initial is the name of one of its states ('x'); got object",
    ],
    [
      'a dot in a name',
      { initial: 'x.y', states: { 'x.y': {} } },
      "on: a state's name is letters, digits and single '_', beginning with a letter; got 'x.y'",
    ],
    [
      '__ in a name',
      { initial: 'x__y', states: { x__y: {} } },
      "on: a state's name is letters, digits and single '_', beginning with a letter; got 'x__y'",
    ],
    // --- events and transitions
    ['on that is no map', { on: 'GO' }, 'on: on is a map from events to transitions; got string'],
    [
      'an undeclared event',
      { on: { STOP: {} } },
      "on on STOP: the event is not declared; the events are 'START', 'GO'",
    ],
    [
      'undefined',
      { on: { GO: undefined } },
      'on on GO: undefined is not a transition; to drop the event, say so with ignore()',
    ],
    ['an empty list', { on: { GO: [] } }, 'on on GO: an empty list handles nothing'],
    [
      'a transition that is none',
      { on: { GO: 7 } },
      'on on GO: a transition is a target, a candidate or a list of them; got number',
    ],
    [
      'an unknown key of a candidate',
      { on: { GO: { tarjet: 'x' } } },
      "on on GO: 'tarjet' is not known here; the keys are 'target'",
    ],
    [
      'cond',
      { on: { GO: { cond: 'x' } } },
      "on on GO: cond is not allowed because it is XState 4's; write guard instead",
    ],
    [
      'a dead candidate',
      { on: { GO: [{ actions: 'x' }, { guard: 'y' }] } },
      'on on GO: a candidate follows one without a guard, so that it is never taken; remove it',
    ],
    [
      'reenter that is no boolean',
      { on: { GO: { target: 'on', reenter: 1 } } },
      'on on GO: reenter is true or false; got number',
    ],
    ['reenter of nothing', { on: { GO: { reenter: true } } }, 'on on GO: reenter needs a target'],
    [
      'two targets',
      { on: { GO: { target: ['on', 'boot'] } } },
      'on on GO: a target is one state, as a string; got a list',
    ],
    [
      'a target of another kind',
      { on: { GO: { target: 7 } } },
      'on on GO: a target is one state, as a string; got number',
    ],
    [
      'an unknown sibling',
      { on: { GO: 'off' } },
      "on on GO: the target 'off' is not a state: the root has no 'off', only 'boot', 'on'",
    ],
    ['an unknown child', { on: { GO: '.x' } }, "on on GO: the target '.x' is not a state: on has no 'x', only none"],
    [
      'an unknown path',
      { on: { GO: '#task.on.x' } },
      "on on GO: the target '#task.on.x' is not a state: on has no 'x', only none",
    ],
    [
      "another chart's state",
      { on: { GO: '#other.on' } },
      "on on GO: the target '#other.on' is no state's path; write '#task.state'",
    ],
    ['the root', { on: { GO: '#task' } }, "on on GO: the target '#task' is no state's path"],
    [
      "a '*' below the root",
      { on: { '*': {} } },
      "on on *: '*' is allowed at the root only; name the events, or ignore() them",
    ],
    // --- always
    [
      'an unguarded always',
      { always: { target: 'boot' } },
      'on always: it has no guard, so that the state is never rested in',
    ],
    [
      'an always that stays',
      { always: { guard: 'x', actions: 'y' } },
      'on always: it does not lead out of the state, so that it would be taken again after every event; aim at another state',
    ],
    ['an always to itself', { always: { guard: 'x', target: 'on' } }, 'on always: it does not lead out of the state'],
    [
      'an always to a child',
      { always: { guard: 'x', target: '.in' }, initial: 'in', states: { in: {} } },
      'on always: it does not lead out of the state',
    ],
    [
      'an always back to itself',
      { initial: 'in', states: { in: { always: { guard: 'x', target: '#task.on' } } } },
      'on.in always: it does not lead out of the state',
    ],
    // --- delays and done
    ['after that is no map', { after: 5 }, 'on: after is a map from delays to transitions; got number'],
    [
      'a negative delay',
      { after: { '-1': 'boot' } },
      'on after -1: a delay is a finite integer >= 0 in microseconds, or the name of a member that gives it',
    ],
    ['a broken delay', { after: { 0.5: 'boot' } }, 'on after 0.5: a delay is a finite integer'],
    ['an endless delay', { after: { [Infinity]: 'boot' } }, 'on after Infinity: a delay is a finite integer'],
    ['a delay twice', { after: { '07': 'boot' } }, 'on after 07: a delay is a finite integer'],
    ['an empty delay', { after: { '': 'boot' } }, 'on after : a delay is a finite integer'],
    [
      'onDone without a final state',
      { onDone: 'boot', initial: 'in', states: { in: {} } },
      'on onDone: it is never taken because no child is final',
    ],
    ['onDone without children', { onDone: 'boot' }, 'on onDone: it is never taken'],
  ])('%s', (_, state, message) => {
    expect(() => make(withState(state))).toThrow(`chart task: ${message}`)
  })

  it.each([
    ['parallel', { type: 'parallel' }],
    ['entry', { entry: 'x' }],
    ['exit', { exit: 'x' }],
    ['always', { always: { guard: 'x', target: '.on' } }],
    ['after', { after: { 1: '.on' } }],
    ['onDone', { onDone: '.on' }],
  ])('%s at the root', (key, root) => {
    expect(() => make(withState({}, {}, root))).toThrow(
      key === 'parallel'
        ? 'chart task: root: parallel is not allowed'
        : `chart task: root: ${key} is not allowed because nothing happens before START; put it into a state`,
    )
  })

  it('a target of the root that is no child', () => {
    expect(() => make(withState({}, {}, { on: { GO: 'on' } }))).toThrow(
      "chart task: root on GO: the target 'on' of the root must be a child; write '.on'",
    )
  })

  it("a '*' that would swallow a timer or a done event", () => {
    const any = { on: { '*': {} } }
    expect(() => make(withState({ after: { 5: 'boot' } }, {}, any))).toThrow(
      'chart task: root on *: it would swallow the event of on after 5; ignore() the events by name instead',
    )
    expect(() => make(withState({ initial: 'x', states: { x: { type: 'final' } } }, {}, any))).toThrow(
      'root on *: it would swallow the event of on with a final state',
    )
    // A final child of the root ends the chart and raises nothing that is heard.
    expect(() => make(withState({}, { end: { type: 'final' } }, any))).not.toThrow()
  })

  it('a root that is none', () => {
    expect(() => make(undefined)).toThrow('chart task: root: a state is an object; got undefined')
    expect(() => make({})).toThrow("chart task: root: initial is not 'boot'; begin in an empty state boot")
  })

  it('another beginning than boot', () => {
    expect(() => make({ initial: 'on', states: { on: { on: { START: {}, GO: {} } } } })).toThrow(
      "chart task: root: initial is not 'boot'; begin in an empty state boot that START leaves",
    )
    const boot = (state: object) => ({ initial: 'boot', on: { GO: {}, START: '.on' }, states: { boot: state, on: {} } })
    expect(() => make(boot({ entry: 'x', on: { START: 'on' } }))).toThrow(
      'chart task: boot: entry is not allowed because nothing happens before START; put it into the next state',
    )
    for (const stays of [{}, { on: { START: {} } }, { on: { START: 'boot' } }, { on: { GO: 'on' } }]) {
      expect(() => make(boot(stays))).toThrow(
        'chart task: boot: START does not leave it; give it a transition on START',
      )
    }
    expect(() => make(boot({ on: { START: [{ guard: 'x', target: 'on' }, { actions: 'y' }] } }))).not.toThrow()
  })

  it('names and events that are none', () => {
    const good = withState({})
    expect(() => make(good, ['START', 'GO'], 'a.b')).toThrow(
      "chart a.b: the name of a chart is letters, digits, '_' and '-'; got 'a.b'",
    )
    expect(() => make(good, ['START', 'GO', 'a.b'])).toThrow(
      "chart task: events: an event's name is letters, digits and '_', beginning with a letter; got 'a.b'",
    )
    expect(() => make(good, ['START', 'GO', 'GO'])).toThrow(
      "chart task: events: 'GO' is declared twice; declare it once",
    )
    expect(() => make(good, ['GO'])).toThrow(
      "chart task: events: START is not declared, but it must leave the initial state boot; got 'GO'",
    )
    expect(() => make(good, ['START', 'GO', 'STOP'])).toThrow(
      'chart task: events: no state mentions STOP; handle it, ignore() it, or do not declare it',
    )
    expect(() => make(withState({}, {}, { on: { '*': {} } }), ['START', 'STOP'])).not.toThrow()
  })
})

describe('asking', () => {
  it('refuses a cycle of always transitions', () => {
    const cycle = withState(
      { always: { guard: 'x', target: 'off' } },
      { off: { always: { guard: 'y', target: 'on' } } },
    )
    expect(() => compileChart(make(cycle))).toThrow(
      'chart task: boot on START: more than 32 guards are asked: break the cycle of always transitions',
    )
  })

  it('refuses a cycle of onDone transitions', () => {
    const cycle = withState({
      initial: 'end',
      states: { end: { type: 'final' } },
      onDone: { target: 'on', reenter: true },
    })
    expect(() => compileChart(make(cycle))).toThrow(
      /^chart task: boot on START: XState gives up: Infinite loop detected: the machine has processed more than 256 microsteps/,
    )
  })

  it('refuses more ways through one event than are worth a table', () => {
    const guards = (n: number) => Array.from({ length: 5 }, (_, i) => ({ guard: `g${n}_${i}`, target: `s${n + 1}` }))
    const states = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`s${n}`, { always: guards(n) }]))
    const wide = withState({ on: { GO: 's0' } }, { ...states, s6: {} })
    expect(() => compileChart(make(wide))).toThrow(
      'chart task: on on GO: there are more than 4096 ways through its guards; split the chart',
    )
  })
})
