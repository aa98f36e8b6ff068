/**
 * Twins: user functions run again from the recorded determinants (elements, watermarks, timers, time reads), in a fresh
 * instance that starts at the beginning of the lineage and never restores. Its emissions must be the recorded ones. It is the
 * only finder of state that is kept outside state; it uses a state store of its own, as plain as can be.
 */
import type {
  Collector,
  ListState,
  MapState,
  ProcessContext,
  ProcessFunction,
  RuntimeContext,
  TimeDomain,
  TimerService,
  ValueState,
  VertexSpec,
} from '../dataflow/index.ts'
import { deepFreeze, hashValue } from '../kernel/index.ts'
import type { Key } from '../model/index.ts'
import type { Branch, Determinant, Ledger } from './ledger.ts'
import { finding, type Reporter, type World } from './world.ts'

/** What went wrong in a twin, and where. */
class Deviation extends Error {}

class Twin implements RuntimeContext, ProcessContext, TimerService, Collector<unknown> {
  readonly uid: string
  readonly subtask: number
  readonly parallelism: number
  readonly #vertex: VertexSpec
  readonly #keyOf: ((value: unknown) => Key) | null
  readonly #edges: number
  readonly #function: ProcessFunction | null
  readonly #cells = new Map<string, Map<unknown, unknown>>()
  readonly #operatorLists = new Map<string, readonly unknown[]>()
  readonly #timers = new Map<string, { domain: TimeDomain; key: Key; timestampMs: number }>()
  /** Emission hashes that the recording has to show next. */
  readonly #expected: number[] = []
  #next = 0
  #key: Key | undefined
  #timestamp = Number.NaN
  #watermark = Number.NEGATIVE_INFINITY
  #times: number[] = []
  #domain: TimeDomain | undefined

  constructor(
    vertex: VertexSpec,
    subtask: number,
    parallelism: number,
    keyOf: ((value: unknown) => Key) | null,
    edges: number,
  ) {
    this.#vertex = vertex
    this.uid = vertex.uid
    this.subtask = subtask
    this.parallelism = parallelism
    this.#keyOf = keyOf
    this.#edges = edges
    this.#function = vertex.process?.() ?? null
    this.#function?.open?.(this)
  }
  /** Runs one determinant; the time reads that follow it in the recording are its own. @throws Deviation */
  step(determinant: Determinant, times: number[]): void {
    this.#times = times
    switch (determinant.kind) {
      case 'element':
        this.#timestamp = determinant.timestampMs
        if (this.#vertex.keyed) this.#key = this.#keyOf!(determinant.value)
        if (this.#function === null) this.#chain(determinant.value, 0)
        else this.#function.processElement(determinant.value, this, this)
        break
      case 'watermark':
        this.#watermark = determinant.timestampMs
        break
      case 'timer': {
        const id = this.#timerId(determinant.domain, determinant.key as Key, determinant.timestampMs)
        if (!this.#timers.delete(id))
          throw new Deviation(`fired a timer for ${determinant.timestampMs} that was never registered`)
        this.#key = determinant.key as Key
        this.#timestamp = determinant.domain === 'event' ? determinant.timestampMs : Number.NaN
        this.#domain = determinant.domain
        this.#function?.onTimer?.(determinant.timestampMs, this, this)
        this.#domain = undefined
        break
      }
      case 'end':
        this.#timestamp = Number.NaN
        this.#function?.endInput?.(this)
        break
      case 'emission':
        this.#emitted(determinant.hash)
        break
      case 'time':
        break // belongs to the call before it
    }
    this.#key = undefined
  }
  #emitted(hash: number): void {
    const expected = this.#expected[this.#next]
    if (expected === undefined) throw new Deviation('emitted a record that a twin without a crash does not emit')
    this.#next += 1
    if (expected !== hash) throw new Deviation('emitted another record than a twin without a crash')
  }
  /** @throws Deviation if something is left that should have happened */
  finish(): void {
    if (this.#next < this.#expected.length)
      throw new Deviation(
        `did not emit ${this.#expected.length - this.#next} records that a twin without a crash emits`,
      )
    for (const timer of this.#timers.values())
      if (timer.domain === 'event') throw new Deviation(`ended with a timer for ${timer.timestampMs} that never fired`)
  }
  #chain(value: unknown, step: number): void {
    const next = this.#vertex.chain[step]
    if (next !== undefined) {
      next.apply(value, (result) => this.#chain(result, step + 1))
      return
    }
    const hash = hashValue(deepFreeze(value))
    for (let i = 0; i < this.#edges; i += 1) this.#expected.push(hash)
  }
  collect(value: unknown): void {
    this.#chain(value, 0)
  }
  timestamp(): number | undefined {
    return Number.isNaN(this.#timestamp) ? undefined : this.#timestamp
  }
  timeDomain(): TimeDomain | undefined {
    return this.#domain
  }
  timerService(): TimerService {
    return this
  }
  getCurrentKey(): Key {
    if (this.#key === undefined) throw new Error('there is no current key')
    return this.#key
  }
  currentProcessingTime(): number {
    const read = this.#times.shift()
    if (read === undefined) throw new Deviation('read the time less often than a twin without a crash')
    return read
  }
  currentWatermark(): number {
    return this.#watermark
  }
  #timerId(domain: TimeDomain, key: Key, timestampMs: number): string {
    return `${domain} ${typeof key} ${String(key)} ${timestampMs}`
  }
  #register(domain: TimeDomain, timestampMs: number): void {
    const key = this.getCurrentKey()
    this.#timers.set(this.#timerId(domain, key, timestampMs), { domain, key, timestampMs })
  }
  registerEventTimeTimer(timestampMs: number): void {
    this.#register('event', timestampMs)
  }
  registerProcessingTimeTimer(timestampMs: number): void {
    this.#register('processing', timestampMs)
  }
  deleteEventTimeTimer(timestampMs: number): void {
    this.#timers.delete(this.#timerId('event', this.getCurrentKey(), timestampMs))
  }
  deleteProcessingTimeTimer(timestampMs: number): void {
    this.#timers.delete(this.#timerId('processing', this.getCurrentKey(), timestampMs))
  }
  #cell<T>(name: string): ValueState<T> {
    let cells = this.#cells.get(name)
    if (cells === undefined) {
      cells = new Map()
      this.#cells.set(name, cells)
    }
    const own = cells
    return {
      value: () => own.get(this.getCurrentKey()) as T | undefined,
      update: (value) => void own.set(this.getCurrentKey(), deepFreeze(value)),
      clear: () => void own.delete(this.getCurrentKey()),
    }
  }
  getState: RuntimeContext['getState'] = (descriptor) => {
    const cell = this.#cell<never>(descriptor.name)
    return { ...cell, value: () => cell.value() ?? (descriptor.defaultValue as never) }
  }
  getListState: RuntimeContext['getListState'] = <T>(descriptor: { name: string }): ListState<T> => {
    const cell = this.#cell<readonly T[]>(descriptor.name)
    return {
      get: () => cell.value() ?? [],
      add: (value) => cell.update([...(cell.value() ?? []), value]),
      update: (values) => (values.length === 0 ? cell.clear() : cell.update([...values])),
      clear: () => cell.clear(),
    }
  }
  getMapState: RuntimeContext['getMapState'] = <K extends Key, V>(descriptor: { name: string }): MapState<K, V> => {
    const cell = this.#cell<readonly (readonly [K, V])[]>(descriptor.name)
    const pairs = (): readonly (readonly [K, V])[] => cell.value() ?? []
    const order = (a: Key, b: Key): number =>
      typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a < typeof b ? -1 : 1
    const write = (next: readonly (readonly [K, V])[]): void => (next.length === 0 ? cell.clear() : cell.update(next))
    return {
      get: (key) => pairs().find(([k]) => k === key)?.[1],
      put: (key, value) =>
        write([...pairs().filter(([k]) => k !== key), [key, value] as const].sort((a, b) => order(a[0], b[0]))),
      contains: (key) => pairs().some(([k]) => k === key),
      remove: (key) => write(pairs().filter(([k]) => k !== key)),
      entries: () => pairs(),
      isEmpty: () => pairs().length === 0,
      clear: () => cell.clear(),
    }
  }
  getReducingState: RuntimeContext['getReducingState'] = (descriptor) => {
    const cell = this.#cell<never>(descriptor.name)
    return {
      get: () => cell.value(),
      add: (value) => {
        const held = cell.value()
        cell.update((held === undefined ? value : descriptor.reduce(held, value)) as never)
      },
      clear: () => cell.clear(),
    }
  }
  getAggregatingState: RuntimeContext['getAggregatingState'] = (descriptor) => {
    const { aggregate } = descriptor
    const cell = this.#cell<never>(descriptor.name)
    return {
      get: () => {
        const held = cell.value()
        return held === undefined ? undefined : aggregate.getResult(held)
      },
      add: (value) => cell.update(aggregate.add(value, cell.value() ?? aggregate.createAccumulator()) as never),
      clear: () => cell.clear(),
    }
  }
  getOperatorListState: RuntimeContext['getOperatorListState'] = <T>(descriptor: { name: string }): ListState<T> => {
    const { name } = descriptor
    const get = (): readonly T[] => (this.#operatorLists.get(name) as readonly T[] | undefined) ?? []
    const set = (values: readonly T[]): void => void this.#operatorLists.set(name, deepFreeze([...values]))
    return { get, add: (value) => set([...get(), value]), update: set, clear: () => set([]) }
  }
}

/** The determinants of a vertex along a lineage: each ancestor up to its fork, then the branch's own. */
function lineage(branch: Branch, vertex: number): Determinant[] {
  const parts: Determinant[][] = []
  let end = Number.POSITIVE_INFINITY
  for (let b: Branch | null = branch; b !== null; b = b.parent) {
    parts.unshift(b.determinants[vertex]!.slice(0, end))
    if (b.syncs === null) break
    end = b.syncs[vertex]!.determinants
  }
  return parts.flat()
}

/** Runs the twins of all operators along the live lineage. */
export function runTwins(world: World, ledger: Ledger, reporter: Reporter, finished: boolean): void {
  const { graph, layout } = world
  for (const { id, spec, subtask, parallelism, uid } of layout.vertices) {
    const vertex = graph.vertices[spec]!
    if (vertex.kind !== 'operator') continue
    const incoming = graph.edges.find((e) => e.to === spec)
    const edges = graph.edges.filter((e) => e.from === spec).length
    const recording = lineage(ledger.live, id)
    try {
      const twin = new Twin(
        vertex,
        subtask,
        parallelism,
        (incoming?.keyOf as ((value: unknown) => Key) | undefined) ?? null,
        edges,
      )
      for (let i = 0; i < recording.length; i += 1) {
        const determinant = recording[i]!
        twin.step(determinant, timesAfter(recording, i))
      }
      if (finished) twin.finish()
    } catch (error) {
      const what =
        error instanceof Deviation
          ? error.message
          : `threw in a twin without a crash: ${error instanceof Error ? error.message : String(error)}`
      reporter.report(
        finding(
          'state',
          'twin-deviates',
          `${uid}[${subtask}] ${what}: something that it depends on is neither in its state nor in its input.`,
          { part: 'twin' },
        ),
      )
      return
    }
  }
}
/** Time reads of the call that determinant `i` stands for: those up to the next call. */
function timesAfter(recording: readonly Determinant[], i: number): number[] {
  const times: number[] = []
  for (let j = i + 1; j < recording.length; j += 1) {
    const next = recording[j]!
    if (next.kind === 'time') times.push(next.timestampMs)
    else if (next.kind !== 'emission') break
  }
  return times
}
