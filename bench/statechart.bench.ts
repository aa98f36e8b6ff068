/**
 * What it costs to give an event to a chart: the table (the default), generated code (an option), closures over the
 * trees (a peer, bench/statechart-closures.ts) and XState's own actor, on six task charts over fields in one typed array,
 * as six kinds of entities would have them in a simulation. Events come in random order: 78 % records, 20 % barriers.
 */
import { pathToFileURL } from 'node:url'
import { createActor } from 'xstate'
import { type Chart, type ChartEvent, chart, compileChart, ignore } from '../src/statechart/index.ts'
import { closureSend } from './statechart-closures.ts'

const KINDS = 6
const EVENTS = 1 << 16

interface Task {
  st: number
  obsolete(event: ChartEvent): boolean
  newer(event: ChartEvent): boolean
  lastBarrier(): boolean
  process(event: ChartEvent): void
  align(event: ChartEvent): void
  snapshot(event: ChartEvent): void
  release(): void
  reset(): void
}
interface Row {
  readonly bench: 'statechart'
  readonly metric: string
  readonly value: number
  readonly unit: string
}

const memory = new Int32Array(4096)
let used = 0

/** A class with fields over the typed array, compiled from its own source as if it stood in a file of its own. */
function taskClass(kind: number): new () => Task {
  const names = ['st', 'aligned', 'current', 'last', 'count']
  const accessors = names.map((name, i) => `get ${name}(){return m[this.o+${i}]} set ${name}(v){m[this.o+${i}]=v}`)
  const source = `return class Task${kind} {
    constructor() { this.o = allocate(${names.length}) }
    ${accessors.join('\n')}
    obsolete(e) { return e.a <= this.last }
    newer(e) { return e.a > this.current }
    lastBarrier() { return this.aligned + 1 === ${3 + (kind % 2)} }
    process(e) { this.count = (this.count + e.b * ${kind + 3}) | 0 }
    align(e) { this.aligned += 1; this.current = e.a }
    snapshot(e) { this.last = e.a }
    release() { this.aligned = 0; this.current = 0 }
    reset() { this.aligned = 0; this.current = 0; this.last = 0 }
  }`
  const allocate = (words: number) => {
    used += words
    return used - words
  }
  return new Function('m', 'allocate', source)(memory, allocate) as new () => Task
}

const taskChart = (kind: number) =>
  chart<Task>()(`task${kind}`, {
    events: ['START', 'RECORD', 'BARRIER', 'CRASH'],
    root: {
      initial: 'boot',
      on: { CRASH: '.crashed' },
      states: {
        boot: { on: { START: { target: 'running', actions: 'reset' } } },
        running: {
          initial: 'processing',
          on: { RECORD: { actions: 'process' } },
          states: {
            processing: {
              on: {
                BARRIER: [
                  { guard: 'obsolete' },
                  { guard: 'lastBarrier', actions: ['snapshot', 'release'] },
                  { target: 'aligning', actions: 'align' },
                ],
              },
            },
            aligning: {
              on: {
                BARRIER: [
                  { guard: 'obsolete' },
                  { guard: 'newer', actions: ['release', 'align'] },
                  { guard: 'lastBarrier', target: 'processing', actions: ['snapshot', 'release'] },
                  { actions: 'align' },
                ],
              },
            },
          },
        },
        crashed: { on: { ...ignore('RECORD', 'BARRIER'), START: { target: 'running', actions: 'reset' } } },
      },
    },
  })
type TaskChart = ReturnType<typeof taskChart>

/** The same events for every form. */
function workload() {
  let state = 12345
  const draw = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0
    return (state >>> 8) % n
  }
  const entity = new Uint8Array(EVENTS)
  const code = new Uint8Array(EVENTS)
  const a = new Int32Array(EVENTS)
  const b = new Int32Array(EVENTS)
  const checkpoint = new Int32Array(2 * KINDS)
  for (let i = 0; i < EVENTS; i++) {
    const who = draw(2 * KINDS)
    const kind = draw(100)
    entity[i] = who
    code[i] = kind < 78 ? 1 : kind < 98 ? 2 : kind < 99 ? 3 : 0
    if (code[i] === 2 && draw(4) === 0) checkpoint[who]! += 1
    a[i] = checkpoint[who]!
    b[i] = draw(1000)
  }
  return { entity, code, a, b }
}

type Send = (self: Task, code: number, event: ChartEvent) => boolean

/** XState's actor as a `send`: one actor for each entity, whose guards and actions are the entity's methods. */
function actorSend(definition: Chart<Task, string>, entities: readonly Task[]): Send {
  const actors = new Map(
    entities.map((self) => {
      const methods = self as unknown as Record<string, (event: unknown) => unknown>
      const bind = (names: readonly string[]) =>
        Object.fromEntries(names.map((name) => [name, ({ event }: { event: unknown }) => methods[name]!(event)]))
      const implementations = { guards: bind(definition.guards), actions: bind(definition.actions) }
      const actor = createActor(definition.machine.provide(implementations as object))
      return [self, actor.start()]
    }),
  )
  return (self, code, { a, b, ref }) => {
    actors.get(self)!.send({ type: definition.events[code]!, a, b, ref })
    return true
  }
}

/** One round over the workload, for the dispatch that `make` gives. */
function rounds(make: (definition: TaskChart, entities: readonly Task[]) => Send) {
  const entities: Task[] = []
  const sends: Send[] = []
  for (let kind = 0; kind < KINDS; kind++) {
    const TaskOfKind = taskClass(kind)
    const own = [new TaskOfKind(), new TaskOfKind()]
    const send = make(taskChart(kind), own)
    entities.push(...own)
    sends.push(send, send)
  }
  const { entity, code, a, b } = workload()
  const event: ChartEvent = { a: 0, b: 0, ref: 0 }
  return (events: number) => {
    let expected = 0
    for (let i = 0; i < events; i++) {
      const who = entity[i]!
      event.a = a[i]!
      event.b = b[i]!
      if (sends[who]!(entities[who]!, code[i]!, event)) expected++
    }
    return expected
  }
}

/** Nanoseconds an event, the best of many rounds taken in turn with the other forms. */
function measure(forms: Readonly<Record<string, (events: number) => number>>, events: number, repeats: number) {
  const best = new Map(Object.keys(forms).map((name) => [name, Number.POSITIVE_INFINITY]))
  for (let i = 0; i < repeats + 3; i++) {
    for (const [name, round] of Object.entries(forms)) {
      const start = performance.now()
      round(events)
      const nanoseconds = ((performance.now() - start) * 1e6) / events
      if (i >= 3) best.set(name, Math.min(best.get(name)!, nanoseconds))
    }
  }
  return best
}

/** Bytes an event that stay on the heap until the next collection: the least of several rounds. */
function allocated(round: (events: number) => number): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 10; i++) {
    const before = process.memoryUsage().heapUsed
    round(EVENTS)
    const bytes = process.memoryUsage().heapUsed - before
    if (bytes >= 0) least = Math.min(least, bytes / EVENTS)
  }
  return least
}

/** Measures all forms; one row for each figure. */
export default async function statechartBench(): Promise<Row[]> {
  const row = (metric: string, value: number, unit: string): Row => ({
    bench: 'statechart',
    metric,
    value: Number(value.toPrecision(4)),
    unit,
  })
  const table = rounds((definition) => compileChart(definition).send)
  const cost = measure(
    {
      table,
      generated: rounds((definition) => compileChart(definition, {}, 'generated').send),
      closures: rounds((definition) => closureSend(compileChart(definition), definition.field)),
    },
    EVENTS,
    40,
  )
  const xstate = measure({ xstate: rounds(actorSend) }, EVENTS >> 3, 5).get('xstate')!
  const charts = Array.from({ length: 20 }, (_, i) => taskChart(100 + i))
  const start = performance.now()
  for (const definition of charts) compileChart(definition)
  const compileMs = (performance.now() - start) / charts.length
  return [
    ...[...cost].map(([form, nanoseconds]) => row(form, nanoseconds, 'ns/event')),
    row('xstate', xstate, 'ns/event'),
    row('table throughput', 1e3 / cost.get('table')!, 'M events/s'),
    row('xstate / table', xstate / cost.get('table')!, 'ratio'),
    row('table / generated', cost.get('table')! / cost.get('generated')!, 'ratio'),
    row('closures / table', cost.get('closures')! / cost.get('table')!, 'ratio'),
    row('table allocates', allocated(table), 'bytes/event'),
    row('compile', compileMs, 'ms/chart'),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const figure of await statechartBench()) console.log(JSON.stringify(figure))
}
