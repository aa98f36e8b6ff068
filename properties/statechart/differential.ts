// XState's actor against the compiled table, step for step. The one difference that is allowed: on an unexpected event
// XState asks the guards of `always` transitions again, although nothing has changed since they last said no.
import { type AnyMachineSnapshot, createActor } from 'xstate'
import { type Chart, type ChartEvent, compileChart, type Dispatch } from '../../src/statechart/index.ts'

export interface DifferentialOptions {
  readonly seed?: number
  readonly runs?: number
  /** Events in one run. */
  readonly steps?: number
  /** What compiles the chart; compileChart unless the comparison itself is tested. */
  readonly compile?: Compile
}
type Compile = typeof compileChart

/** What was compared, so that a test can tell that something was. */
export interface Compared {
  events: number
  unexpected: number
  questions: number
  actions: number
  armed: number
  fired: number
  ended: number
}

/**
 * Sends the same random events, with the same answers of guards, to XState's actor and to the chart compiled in both
 * forms. @throws at the first difference in states, actions, questions, answers or timers, with what led there.
 */
export function differential<E, X extends string>(chart: Chart<E, X>, options: DifferentialOptions = {}): Compared {
  const { seed = 1, runs = 20, steps = 40, compile = compileChart } = options
  const compared: Compared = { events: 0, unexpected: 0, questions: 0, actions: 0, armed: 0, fired: 0, ended: 0 }
  for (let run = 0; run < runs; run++) {
    compareRun(chart, compile, mix(seed, run), steps, compared)
  }
  return compared
}

/** A pure hash of two numbers: the answers and choices of a run do not depend on who asks. */
function mix(a: number, b: number): number {
  let x = (Math.imul(a, 0x9e3779b1) + b) | 0
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d)
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b)
  return (x ^ (x >>> 16)) >>> 0
}

function textHash(text: string): number {
  let hash = 0
  for (const char of text) hash = mix(hash, char.codePointAt(0) ?? 0)
  return hash
}

/** One side's context: it changes only when an action runs, and the guards' answers depend on it and on the event. */
class Context {
  readonly log: string[] = []
  version = 0
  event = 0
  constructor(
    readonly seed: number,
    readonly always: ReadonlySet<string>,
  ) {}
  ask(guard: string): boolean {
    const read = mix(this.seed, textHash(guard) ^ mix(this.version, this.always.has(guard) ? -1 : this.event))
    const answer = (read & 1) === 1
    this.log.push(`${guard}? ${answer ? 'yes' : 'no'}`)
    return answer
  }
  act(action: string): void {
    this.version++
    this.log.push(action)
  }
}

const delayOf = (name: string) => textHash(name) % 1000

interface Side {
  readonly context: Context
  /** Sends an event; false if it is unexpected, undefined if this side does not tell. */
  send(code: number): boolean | undefined
  state(): string
  /** The armed timers, sorted. */
  armed(): readonly number[]
}

function xstateSide<E, X extends string>(chart: Chart<E, X>, context: Context, types: readonly string[]): Side {
  const timers = new Map<string, () => void>()
  const label = (type: string) => types.indexOf(type) - chart.events.length
  // XState gives its clock a function only; which timer it is shows in what the system holds as scheduled.
  const scheduled = () => Object.values(actor.system.getSnapshot()._scheduledEvents)
  const clock = {
    setTimeout: (fire: () => void) => {
      const id = scheduled().find((one) => !timers.has(one.id))?.id ?? ''
      timers.set(id, fire)
      return id as unknown as number
    },
    clearTimeout: (id: number) => void timers.delete(id as unknown as string),
  }
  const machine = chart.machine.provide({
    guards: Object.fromEntries(chart.guards.map((name) => [name, () => context.ask(name)])),
    actions: Object.fromEntries(chart.actions.map((name) => [name, () => context.act(name)])),
    delays: Object.fromEntries(chart.delays.map((name) => [name, () => delayOf(name)])),
  })
  const actor = createActor(machine, {
    clock,
    inspect: (inspected) => {
      if (inspected.type !== '@xstate.action') return
      const { type, params } = inspected.action as { type: string; params: Record<string, string> }
      if (type === 'xstate.raise') context.log.push(`arm ${label(params.id ?? '')} ${params.delay}`)
      if (type === 'xstate.cancel') context.log.push(`disarm ${label(params.sendId ?? '')}`)
    },
  })
  actor.subscribe({ error: () => {} }) // shown by the snapshot
  actor.start()
  const pathOf = (value: AnyMachineSnapshot['value']): string =>
    typeof value === 'string' ? value : Object.entries(value).map(([key, inner]) => `${key}.${pathOf(inner)}`)[0]!
  return {
    context,
    send(code) {
      const type = types[code]!
      const fire = timers.get(type)
      if (fire === undefined) {
        if (actor.getSnapshot().status === 'active') actor.send({ type })
      } else {
        timers.delete(type)
        fire()
      }
      const { status, error } = actor.getSnapshot()
      if (status === 'error') throw error
      return undefined
    },
    state: () => pathOf(actor.getSnapshot().value),
    armed: () =>
      scheduled()
        .map((one) => label(one.id))
        .sort((a, b) => a - b),
  }
}

function tableSide<E, X extends string>(
  chart: Chart<E, X>,
  compile: Compile,
  context: Context,
  dispatch: Dispatch,
): Side {
  const compiled = compile(chart, {}, dispatch)
  const armed = new Set<number>()
  const event: ChartEvent = { a: 0, b: 0, ref: 0 }
  const entity: Record<string, unknown> = {
    [chart.field]: compiled.initialLeaf,
    armTimer(timer: number, delayUs: number) {
      if (armed.has(timer)) throw new Error(`timer ${timer} is armed twice`)
      armed.add(timer)
      context.log.push(`arm ${timer} ${delayUs}`)
    },
    disarmTimer(timer: number) {
      armed.delete(timer)
      context.log.push(`disarm ${timer}`)
    },
  }
  const receive = (given: ChartEvent) => {
    if (given !== event || given.a !== context.event) throw new Error('a method did not get the event that was sent')
  }
  for (const name of chart.guards) {
    if (chart.alwaysGuards.includes(name)) entity[name] = () => context.ask(name)
    else {
      entity[name] = (given: ChartEvent) => {
        receive(given)
        return context.ask(name)
      }
    }
  }
  for (const name of chart.actions) {
    entity[name] = (given: ChartEvent) => {
      receive(given)
      context.act(name)
    }
  }
  // Both kinds of delay: a field and a method.
  for (const [i, name] of chart.delays.entries()) entity[name] = i % 2 === 0 ? delayOf(name) : () => delayOf(name)
  const self = entity as E
  compiled.check(self)
  return {
    context,
    send(code) {
      event.a = context.event
      if (code >= chart.events.length) armed.delete(code - chart.events.length)
      return compiled.send(self, code, event)
    },
    state: () => compiled.leaves[entity[chart.field] as number] ?? 'no leaf',
    armed: () => [...armed].sort((a, b) => a - b),
  }
}

function compareRun<E, X extends string>(
  chart: Chart<E, X>,
  compile: Compile,
  seed: number,
  steps: number,
  compared: Compared,
): void {
  const { timers, events } = compile(chart)
  const types = [...chart.events, ...timers.map(({ state, delay }) => `xstate.after.${delay}.${chart.name}.${state}`)]
  const always = new Set(chart.alwaysGuards)
  const real = xstateSide(chart, new Context(seed, always), types)
  const ours = [
    tableSide(chart, compile, new Context(seed, always), 'table'),
    tableSide(chart, compile, new Context(seed, always), 'generated'),
  ]
  const history: string[] = []
  for (let step = 0; step < steps; step++) {
    const code = choose(seed, step, chart, real)
    const expected = mentions(chart.root, real.state().split('.'), events[code]!)
    history.push(`${real.state()} on ${events[code]}`)
    real.context.log.length = 0
    real.context.event = step
    const before = real.state()
    real.send(code)
    compared.events++
    if (!expected) compared.unexpected++
    if (code >= chart.events.length) compared.fired++
    for (const side of ours) {
      side.context.log.length = 0
      side.context.event = step
      const answer = side.send(code)
      // The logs of both forms and the versions of all contexts must go on from the same place.
      const xstate = expected ? real.context.log : silent(real, before)
      compare(history, 'expected', expected, answer)
      compare(history, 'steps', xstate, side.context.log)
      compare(history, 'state', real.state(), side.state())
      compare(history, 'armed timers', real.armed(), side.armed())
    }
    for (const line of real.context.log) {
      if (line.includes('?')) compared.questions++
      else if (line.startsWith('arm ')) compared.armed++
      else if (!line.startsWith('disarm ')) compared.actions++
    }
  }
  if (chart.machine.root.states[real.state()]?.type === 'final') compared.ended++
}

/** What XState did on an unexpected event, less the questions that were answered no: it must be nothing. */
function silent(real: Side, before: string): readonly string[] {
  const did = real.context.log.filter((line) => !line.endsWith('? no'))
  return real.state() === before ? did : [...did, `moved to ${real.state()}`]
}

/** START from boot more often than not, then a due timer one time in four, else any event. */
function choose<E, X extends string>(seed: number, step: number, chart: Chart<E, X>, real: Side): number {
  const draw = mix(seed, step * 3 + 1)
  if (real.state() === 'boot' && draw % 4 !== 0) return chart.events.indexOf('START' as X)
  const armed = real.armed()
  if (armed.length > 0 && mix(seed, step * 3 + 2) % 4 === 0) return chart.events.length + armed[draw % armed.length]!
  return draw % chart.events.length
}

/** The rule for what is expected, read off the definition rather than the machine. */
function mentions(root: unknown, path: readonly string[], event: string): boolean {
  type Node = { type?: string; on?: object; after?: object; states?: Record<string, Node> }
  let node = root as Node
  if (path.length === 1 && node.states?.[path[0]!]?.type === 'final') return false
  const [timerState, delay] = event.split(' after ')
  let seen = ''
  let found = false
  for (const key of ['', ...path]) {
    if (key !== '') {
      node = node.states?.[key] as Node
      seen = seen === '' ? key : `${seen}.${key}`
    }
    if (delay === undefined) found ||= event in (node.on ?? {}) || '*' in (node.on ?? {})
    else found ||= seen === timerState && delay in (node.after ?? {})
  }
  return found
}

function compare(history: readonly string[], what: string, xstate: unknown, table: unknown): void {
  const [wanted, got] = [JSON.stringify(xstate), JSON.stringify(table)]
  if (wanted === got) return
  throw new Error(`${what} differ: XState ${wanted}, table ${got}, after\n  ${history.join('\n  ')}`)
}
