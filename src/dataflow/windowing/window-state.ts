/**
 * State that belongs to one window of the current key. All state of one name is one map state, with an entry for each window:
 * its value, its list, or the entries of its map.
 *
 * Flink: state with the window as namespace.
 */
import { canonicalKey, type Key } from '../../model/index.ts'
import type { RuntimeContext } from '../functions.ts'
import { JobError } from '../job-error.ts'
import {
  type AggregatingState,
  type AggregatingStateDescriptor,
  type KeyedStateDescriptor,
  type ListState,
  type ListStateDescriptor,
  type MapState,
  type MapStateDescriptor,
  mapState,
  type ReducingState,
  type ReducingStateDescriptor,
  type ValueState,
  type ValueStateDescriptor,
} from '../state.ts'
import { StateAccess, type StateHost } from '../state-access.ts'
import type { KeyedStateStore } from './keyed-state-store.ts'

export class WindowState {
  readonly #context: StateHost
  readonly #prefix: string
  readonly #maps = new Map<string, MapState<Key, unknown>>()

  /** @param prefix keeps the names apart from those of other state of the operator */
  constructor(context: StateHost, prefix: string) {
    this.#context = context
    this.#prefix = prefix
  }
  /** The state of a window. @param window its key in state */
  of(window: Key): KeyedStateStore {
    return new StateAccess(new StateOfOne(this.#context, (name) => this.#map(name), window))
  }
  /** What a window has under a descriptor of any kind. */
  get(descriptor: KeyedStateDescriptor, window: Key): unknown {
    const store = this.of(window)
    switch (descriptor.kind) {
      case 'value':
        return store.getState(descriptor as ValueStateDescriptor<unknown>)
      case 'list':
        return store.getListState(descriptor as ListStateDescriptor<unknown>)
      case 'map':
        return store.getMapState(descriptor as MapStateDescriptor<Key, unknown>)
      case 'reducing':
        return store.getReducingState(descriptor as ReducingStateDescriptor<unknown>)
      case 'aggregating':
        return store.getAggregatingState(descriptor as AggregatingStateDescriptor<unknown, unknown, unknown>)
    }
  }
  /**
   * Moves what windows have under a descriptor into the state of one.
   * @throws JobError if it is not of a kind that merges
   */
  merge(descriptor: KeyedStateDescriptor, from: readonly Key[], into: Key): void {
    const merge = mergeOf(descriptor)
    const map = this.#map(descriptor.name)
    for (const window of from) {
      const moved = map.get(window)
      if (moved === undefined) continue
      map.remove(window)
      const held = map.get(into)
      map.put(into, held === undefined ? moved : merge(held, moved))
    }
  }
  #map(name: string): MapState<Key, unknown> {
    let map = this.#maps.get(name)
    if (map === undefined) {
      map = this.#context.getMapState(mapState<Key, unknown>(`${this.#prefix}${name}`))
      this.#maps.set(name, map)
    }
    return map
  }
}

function mergeOf(descriptor: KeyedStateDescriptor): (a: unknown, b: unknown) => unknown {
  if (descriptor.kind === 'list') return (a, b) => [...(a as readonly unknown[]), ...(b as readonly unknown[])]
  if (descriptor.ttl === undefined) {
    if (descriptor.kind === 'reducing') return (descriptor as ReducingStateDescriptor<unknown>).reduce
    const { aggregate } = descriptor as AggregatingStateDescriptor<unknown, unknown, unknown>
    if (aggregate?.merge !== undefined) return (a, b) => aggregate.merge!(a, b)
  }
  throw new JobError(
    `the state '${descriptor.name}' cannot be merged: use list state, or without a time to live reducing state or aggregating state whose aggregate has a merge`,
  )
}

/** The plain state of one window. */
class StateOfOne implements StateHost {
  readonly #context: StateHost
  readonly #mapOf: (name: string) => MapState<Key, unknown>
  readonly #window: Key

  constructor(context: StateHost, mapOf: (name: string) => MapState<Key, unknown>, window: Key) {
    this.#context = context
    this.#mapOf = mapOf
    this.#window = window
  }
  get uid(): string {
    return this.#context.uid
  }
  get subtask(): number {
    return this.#context.subtask
  }
  get parallelism(): number {
    return this.#context.parallelism
  }
  get parts(): StateHost['parts'] {
    return this.#context.parts
  }
  currentProcessingTime(): number {
    return this.#context.currentProcessingTime()
  }
  getOperatorListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#context.getOperatorListState(descriptor)
  }
  getBroadcastState: RuntimeContext['getBroadcastState'] = (descriptor) => this.#context.getBroadcastState(descriptor)

  getState<T>({ name, defaultValue }: ValueStateDescriptor<T>): ValueState<T> {
    const { get, set, clear } = this.#cell<T>(name)
    const value = (): T | undefined => {
      const held = get()
      return held === undefined ? defaultValue : held
    }
    return { value, update: (next) => (next === undefined ? clear() : set(next)), clear }
  }
  getListState<T>({ name }: ListStateDescriptor<T>): ListState<T> {
    const { get, set, clear } = this.#cell<readonly T[]>(name)
    return {
      get: () => get() ?? [],
      add: (value) => set([...(get() ?? []), value]),
      update: (values) => (values.length === 0 ? clear() : set([...values])),
      clear,
    }
  }
  getReducingState<T>({ name, reduce }: ReducingStateDescriptor<T>): ReducingState<T> {
    const { get, set, clear } = this.#cell<T>(name)
    const add = (value: T): void => {
      const held = get()
      set(held === undefined ? value : reduce(held, value))
    }
    return { get, add, clear }
  }
  getAggregatingState<In, Acc, Out>({
    name,
    aggregate,
  }: AggregatingStateDescriptor<In, Acc, Out>): AggregatingState<In, Out> {
    const { get, set, clear } = this.#cell<Acc>(name)
    const result = (): Out | undefined => {
      const held = get()
      return held === undefined ? undefined : aggregate.getResult(held)
    }
    const add = (value: In): void => {
      const held = get()
      set(aggregate.add(value, held === undefined ? aggregate.createAccumulator() : held))
    }
    return { get: result, add, clear }
  }
  getMapState<K extends Key, V>({ name }: MapStateDescriptor<K, V>): MapState<K, V> {
    const { get, set, clear } = this.#cell<readonly (readonly [K, V])[]>(name)
    const entries = (): readonly (readonly [K, V])[] => get() ?? []
    const others = (key: K): readonly (readonly [K, V])[] => entries().filter(([held]) => !sameKey(held, key))
    return {
      get: (key) => entries().find(([held]) => sameKey(held, key))?.[1],
      put: (key, value) =>
        set([...others(key), [canonicalKey(key) as K, value] as const].sort(([a], [b]) => keyOrder(a, b))),
      contains: (key) => entries().some(([held]) => sameKey(held, key)),
      remove(key) {
        const left = others(key)
        if (left.length === 0) clear()
        else set(left)
      },
      entries,
      isEmpty: () => get() === undefined,
      clear,
    }
  }
  #cell<T>(name: string): { get(): T | undefined; set(value: T): void; clear(): void } {
    const map = this.#mapOf(name)
    const window = this.#window
    return {
      get: () => map.get(window) as T | undefined,
      set: (value) => map.put(window, value),
      clear: () => map.remove(window),
    }
  }
}

const sameKey = (a: Key, b: Key): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))
/** By type, then value; NaN comes last. */
function keyOrder(a: Key, b: Key): number {
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1
  return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}
