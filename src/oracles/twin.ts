/**
 * Twins: user functions run again from the recorded determinants (elements, watermarks, timers, time reads), in a fresh
 * instance that starts at the beginning of the lineage and never restores. Its emissions must be the recorded ones. It is the
 * only finder of state that is kept outside state; it uses a state store of its own, as plain as can be.
 */
import {
  type ListState,
  type MapState,
  type Operator,
  type OperatorContext,
  operatorParts,
  type RuntimeContext,
  type TimeDomain,
  type Timer,
  type ValueState,
  type VertexSpec,
} from '../dataflow/index.ts'
import { deepFreeze, hashValue } from '../kernel/index.ts'
import { canonicalKey, type Key, type SnapshotContent } from '../model/index.ts'
import { records } from './counted.ts'
import type { Branch, Determinant, Ledger } from './ledger.ts'
import { finding, type Reporter, type World } from './world.ts'

/** What went wrong in a twin, and where. */
class Deviation extends Error {}

/** An edge that a twin's emissions go to. */
interface TwinEdge {
  readonly tag: string | undefined
  /** Records sent for each emission: a broadcast has one for each receiver. */
  readonly copies: number
}
interface TwinTimer extends Timer {
  readonly key: Key
  /** Registered after the last watermark (an idle input can let that come early): nothing is left that would fire it. */
  readonly tooLate: boolean
}

class Twin implements OperatorContext {
  readonly uid: string
  readonly subtask: number
  readonly parallelism: number
  readonly parts = operatorParts
  readonly #vertex: VertexSpec
  /** Per logical input. */
  readonly #keyOf: readonly (((value: unknown) => Key) | undefined)[]
  readonly #edges: readonly TwinEdge[]
  readonly #operator: Operator
  readonly #cells = new Map<string, Map<unknown, unknown>>()
  readonly #operatorLists = new Map<string, readonly unknown[]>()
  readonly #broadcasts = new Map<string, Map<Key, unknown>>()
  readonly #timers = new Map<string, TwinTimer>()
  /** Emission hashes that the recording has to show next. */
  readonly #expected: number[] = []
  #next = 0
  #key: Key | undefined
  #timestamp = Number.NaN
  #watermark = Number.NEGATIVE_INFINITY
  #times: number[] = []

  constructor(
    vertex: VertexSpec,
    subtask: number,
    parallelism: number,
    keyOf: readonly (((value: unknown) => Key) | undefined)[],
    edges: readonly TwinEdge[],
    inherited: SnapshotContent | undefined,
  ) {
    this.#vertex = vertex
    this.uid = vertex.uid
    this.subtask = subtask
    this.parallelism = parallelism
    this.#keyOf = keyOf
    this.#edges = edges
    if (inherited !== undefined) this.#inherit(inherited)
    this.#operator = vertex.operator!()
    this.#operator.open?.(this)
  }
  /** Takes over what the job had at another parallelism. */
  #inherit({ tables, timers, lists, broadcasts }: SnapshotContent): void {
    for (const [name, { entries, maps }] of tables) {
      const cells = new Map<unknown, unknown>()
      for (const [key, { value }] of entries) cells.set(key, value)
      for (const [key, map] of maps)
        cells.set(
          key,
          [...map.values()].map(({ mapKey, value }) => [mapKey!, value] as const).sort(([a], [b]) => keyOrder(a, b)),
        )
      this.#cells.set(name, cells)
    }
    for (const { domain, key, timestampMs, namespace } of timers)
      this.#timers.set(timerId(domain, key, timestampMs, namespace), {
        domain,
        key,
        timestampMs,
        namespace,
        tooLate: false,
      })
    for (const [name, items] of lists) this.#operatorLists.set(name, items)
    for (const [name, entries] of broadcasts) this.#broadcasts.set(name, new Map(entries))
  }
  /** Runs one determinant; the time reads that follow it in the recording are its own. @throws Deviation */
  step(determinant: Determinant, times: number[]): void {
    this.#times = times
    switch (determinant.kind) {
      case 'element':
        this.#timestamp = determinant.timestampMs
        this.#key = this.#keyFor(determinant.input, determinant.value)
        this.#operator.processElement(determinant.value, determinant.input)
        break
      case 'watermark':
        this.#watermark = determinant.timestampMs
        break
      case 'timer': {
        const { domain, timestampMs, namespace } = determinant
        const key = determinant.key as Key
        if (!this.#timers.delete(timerId(domain, key, timestampMs, namespace)))
          throw new Deviation(`fired a timer for ${timestampMs} that was never registered`)
        this.#key = key
        this.#timestamp = domain === 'event' ? timestampMs : Number.NaN
        this.#operator.onTimer?.({ domain, timestampMs, namespace })
        break
      }
      case 'restored':
        this.#watermark = Number.NEGATIVE_INFINITY
        break
      case 'end':
        this.#timestamp = Number.NaN
        this.#operator.endInput?.()
        break
      case 'emission':
        this.#emitted(determinant.hash)
        break
      case 'time':
        break // belongs to the call before it
    }
    this.#key = undefined
  }
  #keyFor(input: number, value: unknown): Key | undefined {
    const keyOf = this.#keyOf[input]
    return keyOf === undefined ? undefined : canonicalKey(keyOf(value))
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
        `did not emit ${records(this.#expected.length - this.#next)} that a twin without a crash emits`,
      )
    for (const timer of this.#timers.values())
      if (timer.domain === 'event' && !timer.tooLate)
        throw new Deviation(`ended with a timer for ${timer.timestampMs} that never fired`)
  }
  #chain(value: unknown, step: number): void {
    const next = this.#vertex.chain[step]
    if (next === undefined) this.#sent(value, undefined)
    else next.apply(value, (result) => this.#chain(result, step + 1))
  }
  #sent(value: unknown, tag: string | undefined): void {
    const hash = hashValue(deepFreeze(value))
    for (const edge of this.#edges)
      if (edge.tag === tag) for (let i = 0; i < edge.copies; i += 1) this.#expected.push(hash)
  }
  emit(value: unknown, _timestampMs: number, tag?: string): void {
    if (tag === undefined) this.#chain(value, 0)
    else this.#sent(value, tag)
  }
  emitWatermark(): void {}
  emitStatus(): void {}
  timestampMs(): number {
    return this.#timestamp
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
  registerTimer(domain: TimeDomain, timestampMs: number, namespace = ''): void {
    const key = this.getCurrentKey()
    this.#timers.set(timerId(domain, key, timestampMs, namespace), {
      domain,
      key,
      timestampMs,
      namespace,
      tooLate: this.#watermark === Number.POSITIVE_INFINITY,
    })
  }
  deleteTimer(domain: TimeDomain, timestampMs: number, namespace = ''): void {
    this.#timers.delete(timerId(domain, this.getCurrentKey(), timestampMs, namespace))
  }
  forEachKey(stateName: string, body: (key: Key) => void): void {
    const keys = [...(this.#cells.get(stateName)?.keys() ?? [])] as Key[]
    for (const key of keys.sort(keyOrder)) {
      this.#key = key
      body(key)
    }
    this.#key = undefined
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
    return {
      value: () => {
        const held = cell.value()
        return held === undefined ? (descriptor.defaultValue as never) : held
      },
      update: (value) => (value === undefined ? cell.clear() : cell.update(value as never)),
      clear: cell.clear,
    }
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
    const without = (key: K): readonly (readonly [K, V])[] => pairs().filter(([k]) => !sameKey(k, key))
    const write = (next: readonly (readonly [K, V])[]): void => (next.length === 0 ? cell.clear() : cell.update(next))
    return {
      get: (key) => pairs().find(([k]) => sameKey(k, key))?.[1],
      put: (key, value) =>
        write([...without(key), [canonicalKey(key) as K, value] as const].sort((a, b) => keyOrder(a[0], b[0]))),
      contains: (key) => pairs().some(([k]) => sameKey(k, key)),
      remove: (key) => write(without(key)),
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
      add: (value) => {
        const held = cell.value()
        cell.update(aggregate.add(value, held === undefined ? aggregate.createAccumulator() : held) as never)
      },
      clear: () => cell.clear(),
    }
  }
  getOperatorListState: RuntimeContext['getOperatorListState'] = <T>(descriptor: { name: string }): ListState<T> => {
    const { name } = descriptor
    const get = (): readonly T[] => (this.#operatorLists.get(name) as readonly T[] | undefined) ?? []
    const set = (values: readonly T[]): void => void this.#operatorLists.set(name, deepFreeze([...values]))
    return { get, add: (value) => set([...get(), value]), update: set, clear: () => set([]) }
  }
  getBroadcastState: RuntimeContext['getBroadcastState'] = <K extends Key, V>(descriptor: { name: string }) => {
    let own = this.#broadcasts.get(descriptor.name) as Map<K, V> | undefined
    if (own === undefined) {
      own = new Map()
      this.#broadcasts.set(descriptor.name, own)
    }
    const entries = own
    return {
      get: (key: K) => entries.get(key),
      put: (key: K, value: V) => void entries.set(key, deepFreeze(value)),
      contains: (key: K) => entries.has(key),
      remove: (key: K) => void entries.delete(key),
      entries: () => [...entries].sort((a, b) => keyOrder(a[0], b[0])),
      isEmpty: () => entries.size === 0,
      clear: () => entries.clear(),
    }
  }
}

const timerId = (domain: TimeDomain, key: Key, timestampMs: number, namespace: string): string =>
  `${domain} ${typeof key} ${String(key)} ${timestampMs} ${namespace}`
/** By type, then value; NaN comes last. */
function keyOrder(a: Key, b: Key): number {
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1
  return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}
const sameKey = (a: Key, b: Key): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))

/**
 * The determinants of a vertex along a lineage, as far back as it had this parallelism: each ancestor up to its fork, then the
 * branch's own.
 * @param upTo how many of the last branch's own count
 */
function lineage(branch: Branch, vertex: number, upTo: number): Determinant[] {
  const parts: Determinant[][] = []
  let end = upTo
  for (let b: Branch | null = branch; b !== null; b = b.parent) {
    parts.unshift(b.determinants[vertex]!.slice(0, end))
    if (b.syncs === null || b.inherited !== null) break
    parts.unshift([{ kind: 'restored' }])
    end = b.syncs[vertex]!.determinants
  }
  return parts.flat()
}

/** The branch with which the parallelism of a branch began. */
function beginOf(branch: Branch): Branch {
  let begin = branch
  while (begin.inherited === null && begin.parent !== null) begin = begin.parent
  return begin
}

/** Runs the twins of all operators along the live lineage: from its beginning, or from where the job was rescaled last, and so on. */
export function runTwins(world: World, ledger: Ledger, reporter: Reporter, finished: boolean): void {
  let heir: Branch | null = null
  for (let branch: Branch | null = ledger.live; branch !== null; ) {
    if (!runStretch(world, reporter, branch, heir, finished && heir === null)) return
    heir = beginOf(branch)
    branch = heir.inherited === null ? null : heir.parent
  }
}
/**
 * Runs the twins of the operators as long as the job had one parallelism.
 * @param branch the last one of it
 * @param heir the branch that goes on from it at another; null if none does
 * @returns false if one has deviated
 */
function runStretch(world: World, reporter: Reporter, branch: Branch, heir: Branch | null, finished: boolean): boolean {
  const { graph } = world
  const { bySpec, vertices } = branch.shape
  const { inherited } = beginOf(branch)
  for (const { id, spec, subtask, parallelism, uid } of vertices) {
    const vertex = graph.vertices[spec]!
    if (vertex.kind !== 'operator') continue
    const keyOf: (((value: unknown) => Key) | undefined)[] = []
    for (const edge of graph.edges) if (edge.to === spec) keyOf[edge.input] = edge.keyOf as (value: unknown) => Key
    const edges = graph.edges
      .filter((e) => e.from === spec)
      .map(({ tag, to, partitioner }) => ({
        tag,
        copies: partitioner === 'broadcast' ? bySpec[to]!.length : 1,
      }))
    const recording = lineage(branch, id, heir?.syncs?.[id]?.determinants ?? Number.POSITIVE_INFINITY)
    try {
      const twin = new Twin(vertex, subtask, parallelism, keyOf, edges, inherited?.get(id))
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
      return false
    }
  }
  return true
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
