/** Keyed and operator state as the user sees it. Values are deep-frozen when they are written: change a copy, then update. */
import type { Key } from '../model/index.ts'
import type { Schema } from './state-schema.ts'
import type { StateTtl } from './state-ttl.ts'

export interface ValueStateDescriptor<T> {
  readonly kind: 'value'
  readonly name: string
  readonly defaultValue?: T
  /** Time to live: see `withTtl`. */
  readonly ttl?: StateTtl
  /** What values are checked with: see `withSchema`. */
  readonly schema?: Schema<T>
}
export interface ListStateDescriptor<T> {
  readonly kind: 'list'
  readonly name: string
  readonly ttl?: StateTtl
  readonly schema?: Schema<T>
}
export interface MapStateDescriptor<_K, V> {
  readonly kind: 'map'
  readonly name: string
  readonly ttl?: StateTtl
  readonly schema?: Schema<V>
}
export interface ReducingStateDescriptor<T> {
  readonly kind: 'reducing'
  readonly name: string
  readonly reduce: (a: T, b: T) => T
  readonly ttl?: StateTtl
  readonly schema?: Schema<T>
}
export interface AggregatingStateDescriptor<In, Acc, Out> {
  readonly kind: 'aggregating'
  readonly name: string
  readonly aggregate: AggregateFunction<In, Acc, Out>
  readonly ttl?: StateTtl
}
/** Flink: AggregateFunction. `merge` is needed by session windows only. */
export interface AggregateFunction<In, Acc, Out> {
  createAccumulator(): Acc
  add(value: In, accumulator: Acc): Acc
  getResult(accumulator: Acc): Out
  merge?(a: Acc, b: Acc): Acc
}
/** What all descriptors of keyed state have. Flink: StateDescriptor. */
export interface KeyedStateDescriptor {
  readonly kind: 'value' | 'list' | 'map' | 'reducing' | 'aggregating'
  readonly name: string
  readonly ttl?: StateTtl
}

export interface ValueState<T> {
  /** The value under the current key, the descriptor's default, or undefined. */
  value(): T | undefined
  update(value: T): void
  clear(): void
}
export interface ListState<T> {
  get(): readonly T[]
  add(value: T): void
  update(values: readonly T[]): void
  clear(): void
}
export interface MapState<K extends Key, V> {
  get(key: K): V | undefined
  put(key: K, value: V): void
  contains(key: K): boolean
  remove(key: K): void
  /** Entries in the order of the encoded keys, so that the order is the same after a restore. */
  entries(): readonly (readonly [K, V])[]
  isEmpty(): boolean
  clear(): void
}
/** Flink: BroadcastState. Without keys; entries in the order of the encoded keys. */
export type BroadcastState<K extends Key, V> = MapState<K, V>
export interface ReducingState<T> {
  get(): T | undefined
  add(value: T): void
  clear(): void
}
export interface AggregatingState<In, Out> {
  get(): Out | undefined
  add(value: In): void
  clear(): void
}

export const valueState = <T>(name: string, defaultValue?: T): ValueStateDescriptor<T> =>
  defaultValue === undefined ? { kind: 'value', name } : { kind: 'value', name, defaultValue }
export const listState = <T>(name: string): ListStateDescriptor<T> => ({ kind: 'list', name })
export const mapState = <K extends Key, V>(name: string): MapStateDescriptor<K, V> => ({ kind: 'map', name })
export const reducingState = <T>(name: string, reduce: (a: T, b: T) => T): ReducingStateDescriptor<T> => ({
  kind: 'reducing',
  name,
  reduce,
})
export const aggregatingState = <In, Acc, Out>(
  name: string,
  aggregate: AggregateFunction<In, Acc, Out>,
): AggregatingStateDescriptor<In, Acc, Out> => ({ kind: 'aggregating', name, aggregate })
