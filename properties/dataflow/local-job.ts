/**
 * Runs a job graph in one go: one subtask of everything, one record at a time through to the sinks, no failures. It stands
 * on the interfaces of dataflow alone, so that what users write can be tested without the cluster.
 */
import {
  type BroadcastState,
  type Draw,
  type EdgeSpec,
  type JobGraph,
  type ListState,
  type MapState,
  type Operator,
  type OperatorContext,
  operatorParts,
  type RuntimeContext,
  type TimeDomain,
  type VertexSpec,
  type WatermarkGenerator,
} from '../../src/dataflow/index.ts'
import { deepFreeze } from '../../src/kernel/index.ts'
import type { Key } from '../../src/model/index.ts'

/** A record as it reached a sink: its timestamp, and the last watermark before it. */
export interface Arrived {
  readonly value: unknown
  readonly timestampMs: number | undefined
  readonly watermarkMs: number
}

interface Timer {
  readonly domain: TimeDomain
  readonly key: Key
  readonly timestampMs: number
  readonly namespace: string
}

class LocalOperator implements OperatorContext {
  readonly uid: string
  readonly subtask = 0
  readonly parallelism = 1
  readonly parts = operatorParts
  readonly timers: Timer[] = []
  readonly #operator: Operator
  readonly #emit: (value: unknown, timestampMs: number | undefined) => void
  readonly #state = new Map<string, Map<Key, unknown>>()
  readonly #lists = new Map<string, readonly unknown[]>()
  readonly #processingTime: () => number
  #key: Key | undefined
  #timestamp = Number.NaN
  #watermark = Number.NEGATIVE_INFINITY

  constructor(
    vertex: VertexSpec,
    emit: (value: unknown, timestampMs: number | undefined) => void,
    clock: () => number,
  ) {
    this.uid = vertex.uid
    this.#emit = emit
    this.#processingTime = clock
    this.#operator = vertex.operator!()
    this.#operator.open?.(this)
  }
  element(value: unknown, key: Key | undefined, timestampMs: number | undefined): void {
    this.#key = key
    this.#timestamp = timestampMs ?? Number.NaN
    this.#operator.processElement(value, 0)
  }
  watermark(timestampMs: number): void {
    this.#watermark = timestampMs
    this.#fire('event', timestampMs)
  }
  processingTime(nowMs: number): void {
    this.#fire('processing', nowMs)
  }
  endInput(): void {
    this.#key = undefined
    this.#timestamp = Number.NaN
    this.#operator.endInput?.()
  }
  #fire(domain: TimeDomain, upToMs: number): void {
    for (;;) {
      const due = this.timers
        .filter((timer) => timer.domain === domain && timer.timestampMs <= upToMs)
        .reduce<Timer | undefined>((a, b) => (a === undefined || b.timestampMs < a.timestampMs ? b : a), undefined)
      if (!due) return
      this.timers.splice(this.timers.indexOf(due), 1)
      this.#key = due.key
      this.#timestamp = due.timestampMs
      this.#operator.onTimer?.(due)
    }
  }

  emit = (value: unknown, timestampMs: number): void =>
    this.#emit(value, Number.isNaN(timestampMs) ? undefined : timestampMs)
  emitWatermark = (): void => {}
  emitStatus = (): void => {}
  forEachKey = (): void => {}
  timestampMs = (): number => this.#timestamp
  currentProcessingTime = (): number => this.#processingTime()
  currentWatermark = (): number => this.#watermark
  getCurrentKey(): Key {
    if (this.#key === undefined) throw new Error(`'${this.uid}' uses keyed state outside a keyed call`)
    return this.#key
  }
  #find(domain: TimeDomain, timestampMs: number, namespace: string): number {
    const key = this.getCurrentKey()
    return this.timers.findIndex(
      (t) => t.domain === domain && t.key === key && t.timestampMs === timestampMs && t.namespace === namespace,
    )
  }
  registerTimer(domain: TimeDomain, timestampMs: number, namespace = ''): void {
    if (this.#find(domain, timestampMs, namespace) >= 0) return
    this.timers.push({ domain, key: this.getCurrentKey(), timestampMs, namespace })
  }
  deleteTimer(domain: TimeDomain, timestampMs: number, namespace = ''): void {
    const at = this.#find(domain, timestampMs, namespace)
    if (at >= 0) this.timers.splice(at, 1)
  }

  /** One frozen value under the current key. */
  #cell<T>(name: string) {
    if (!this.#state.has(name)) this.#state.set(name, new Map())
    const values = this.#state.get(name) as Map<Key, T>
    return {
      get: (): T | undefined => values.get(this.getCurrentKey()),
      set: (value: T): void => void values.set(this.getCurrentKey(), deepFreeze(value)),
      clear: (): void => void values.delete(this.getCurrentKey()),
    }
  }
  getState: RuntimeContext['getState'] = <T>({ name, defaultValue }: { name: string; defaultValue?: T }) => {
    const { get, set, clear } = this.#cell<T>(name)
    return { value: () => get() ?? defaultValue, update: set, clear }
  }
  getListState: RuntimeContext['getListState'] = <T>({ name }: { name: string }): ListState<T> => {
    const { get, set, clear } = this.#cell<readonly T[]>(name)
    return { get: () => get() ?? [], add: (v) => set([...(get() ?? []), v]), update: (v) => set([...v]), clear }
  }
  getMapState: RuntimeContext['getMapState'] = <K extends Key, V>({ name }: { name: string }): MapState<K, V> => {
    const { get, set, clear } = this.#cell<readonly (readonly [K, V])[]>(name)
    const others = (key: K) => (get() ?? []).filter(([k]) => k !== key)
    return {
      get: (key) => get()?.find(([k]) => k === key)?.[1],
      put: (key, value) => set([...others(key), [key, value]]),
      contains: (key) => get()?.some(([k]) => k === key) === true,
      remove: (key) => set(others(key)),
      entries: () => [...(get() ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)),
      isEmpty: () => (get() ?? []).length === 0,
      clear,
    }
  }
  getReducingState: RuntimeContext['getReducingState'] = ({ name, reduce }) => {
    const cell = this.#cell<Parameters<typeof reduce>[0]>(name)
    const add = (value: Parameters<typeof reduce>[0]): void => {
      const old = cell.get()
      cell.set(old === undefined ? value : reduce(old, value))
    }
    return { get: cell.get, add, clear: cell.clear }
  }
  getAggregatingState: RuntimeContext['getAggregatingState'] = ({ name, aggregate }) => {
    const cell = this.#cell<ReturnType<typeof aggregate.createAccumulator>>(name)
    return {
      get: () => {
        const held = cell.get()
        return held === undefined ? undefined : aggregate.getResult(held)
      },
      add: (value) => cell.set(aggregate.add(value, cell.get() ?? aggregate.createAccumulator())),
      clear: cell.clear,
    }
  }
  getOperatorListState: RuntimeContext['getOperatorListState'] = <T>({ name }: { name: string }): ListState<T> => {
    const get = () => (this.#lists.get(name) ?? []) as readonly T[]
    const set = (values: readonly T[]): void => void this.#lists.set(name, deepFreeze([...values]))
    return { get, add: (value) => set([...get(), value]), update: set, clear: () => set([]) }
  }
  getBroadcastState<K extends Key, V>(): BroadcastState<K, V> {
    throw new Error('a local job has no broadcast state')
  }
}

export class LocalJob {
  readonly arrived: Record<string, Arrived[]> = {}
  /** The watermarks that each sink received. */
  readonly watermarks: Record<string, number[]> = {}
  readonly #graph: JobGraph
  readonly #operators = new Map<VertexSpec, LocalOperator>()
  #nowMs = 0

  constructor(graph: JobGraph) {
    this.#graph = graph
    for (const vertex of graph.vertices) {
      if (vertex.sink) {
        this.arrived[vertex.sink.log] = []
        this.watermarks[vertex.sink.log] = []
      } else if (vertex.operator) {
        const emit = (value: unknown, timestampMs: number | undefined): void => this.#leave(vertex, value, timestampMs)
        this.#operators.set(vertex, new LocalOperator(vertex, emit, () => this.#nowMs))
      }
    }
  }
  /** Reads all splits of all sources, one after another, with a watermark behind every record, and ends the job. */
  static run(graph: JobGraph, records = Infinity, draw: Draw = () => 0): LocalJob {
    const job = new LocalJob(graph)
    for (const vertex of graph.vertices) {
      if (!vertex.source) continue
      const generator: WatermarkGenerator | undefined = vertex.watermarks?.generator()
      const output = {
        emitWatermark: (ms: number) => job.watermark(vertex.uid, ms),
        markIdle: () => {},
        markActive: () => {},
      }
      for (const value of inputsOf(graph, records, draw)(vertex.uid)) {
        const timestampMs = vertex.watermarks?.timestampOf(value as never, Number.NaN)
        job.element(vertex.uid, value, timestampMs)
        generator?.onEvent(value, timestampMs!, output)
        generator?.onPeriodicEmit(output)
      }
      job.end(vertex.uid)
    }
    return job
  }
  /** The values in each log. */
  committed(): Record<string, unknown[]> {
    return Object.fromEntries(Object.entries(this.arrived).map(([log, rows]) => [log, rows.map(({ value }) => value)]))
  }
  /** Timers that have not fired. */
  pending(domain: TimeDomain): readonly Timer[] {
    return [...this.#operators.values()].flatMap(({ timers }) => timers.filter((timer) => timer.domain === domain))
  }
  element(source: string, value: unknown, timestampMs: number | undefined): void {
    this.#nowMs += 1
    for (const operator of this.#operators.values()) operator.processingTime(this.#nowMs)
    this.#leave(this.#vertex(source), deepFreeze(value), timestampMs)
  }
  watermark(source: string, timestampMs: number): void {
    this.#pass(this.#vertex(source), (operator) => operator.watermark(timestampMs), timestampMs)
  }
  end(source: string): void {
    this.watermark(source, Infinity)
    this.#pass(this.#vertex(source), (operator) => operator.endInput())
  }
  #vertex(uid: string): VertexSpec {
    return this.#graph.vertices.find((vertex) => vertex.uid === uid)!
  }
  #after(vertex: VertexSpec): readonly EdgeSpec[] {
    return this.#graph.edges.filter((edge) => this.#graph.vertices[edge.from] === vertex)
  }
  #pass(from: VertexSpec, tell: (operator: LocalOperator) => void, watermarkMs?: number): void {
    for (const edge of this.#after(from)) {
      const vertex = this.#graph.vertices[edge.to]!
      if (vertex.sink && watermarkMs !== undefined) this.watermarks[vertex.sink.log]!.push(watermarkMs)
      const operator = this.#operators.get(vertex)
      if (operator) tell(operator)
      this.#pass(vertex, tell, watermarkMs)
    }
  }
  #leave(vertex: VertexSpec, value: unknown, timestampMs: number | undefined, step = 0): void {
    const next = vertex.chain[step]
    if (next) {
      next.apply(value, (result) => this.#leave(vertex, result, timestampMs, step + 1))
      return
    }
    for (const edge of this.#after(vertex)) {
      const to = this.#graph.vertices[edge.to]!
      if (to.sink) {
        const watermarkMs = this.watermarks[to.sink.log]!.at(-1) ?? Number.NEGATIVE_INFINITY
        this.arrived[to.sink.log]!.push({ value, timestampMs, watermarkMs })
      } else this.#operators.get(to)!.element(deepFreeze(value), edge.keyOf?.(value as never), timestampMs)
    }
  }
}

/** What the sources of a run have to read. */
export const inputsOf =
  (graph: JobGraph, records: number, draw: Draw) =>
  (source: string): readonly unknown[] =>
    graph.vertices
      .find((vertex) => vertex.uid === source)!
      .source!.splits(records, draw)
      .flatMap((split) => Array.from({ length: split.length }, (_, position) => split.read(position)))
