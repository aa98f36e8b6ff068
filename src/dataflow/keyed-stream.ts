import type { Key } from '../model/index.ts'
import { BroadcastConnectedStream, BroadcastStream } from './broadcast-stream.ts'
import { ConnectedStreams } from './connected-streams.ts'
import type { DataStream } from './data-stream.ts'
import { type Comparable, maxByOf, maxOf, minByOf, minOf, sumOf, type WithField } from './field-aggregation.ts'
import type { ProcessFunction } from './functions.ts'
import { IntervalJoin } from './interval-join.ts'
import { inWords, JobError } from './job-error.ts'
import { KeyedReduceOperator } from './keyed-reduce-operator.ts'
import type { Operator } from './operator.ts'
import { requireFactory } from './operator-settings.ts'
import { processBody } from './process-operator.ts'
import type { Topology } from './topology.ts'
import type { Body, Input } from './transformation.ts'
import { inCounts, requireAssigner, WindowedStream } from './windowed-stream.ts'
import { type GlobalWindow, GlobalWindows, type Window, type WindowAssigner } from './windowing/index.ts'

/** The Java types that a key of type K can stand for. */
export type KeyTypeOf<K extends Key> = K extends string
  ? 'string'
  : K extends boolean
    ? 'boolean'
    : K extends bigint
      ? 'long'
      : 'int' | 'long' | 'double'

/** Adds an operator and makes the stream behind it. Handed in, so that the files of the streams need no circle. */
export type StreamAfter = <Out>(label: string, body: Body, inputs: readonly (readonly Input[])[]) => DataStream<Out>

/** A stream whose records are partitioned by a key of type K. Flink: KeyedStream. Made by `keyBy`. */
export class KeyedStream<out T, K extends Key> {
  readonly #topology: Topology
  readonly #streamAfter: StreamAfter
  /** @internal Where its records come from, with their key. */
  readonly inputs: readonly Input[]

  /** @internal */
  constructor(topology: Topology, inputs: readonly Input[], streamAfter: StreamAfter) {
    this.#topology = topology
    this.inputs = inputs
    this.#streamAfter = streamAfter
  }

  /**
   * A function with keyed state and timers.
   * @param factory makes the function; called anew for every attempt
   */
  process<Out>(factory: () => ProcessFunction<T, Out, K>): DataStream<Out> {
    requireFactory('process', factory)
    return this.#streamAfter('process', processBody(factory as () => ProcessFunction), [this.inputs])
  }

  /** This stream and another of the same keys as the two inputs of one operator. */
  connect<Other>(other: KeyedStream<Other, K>): ConnectedStreams<T, Other, K>
  /** The same with a broadcast stream. */
  connect<Other>(other: BroadcastStream<Other>): BroadcastConnectedStream<T, Other, K>
  connect<Other>(
    other: KeyedStream<Other, K> | BroadcastStream<Other>,
  ): ConnectedStreams<T, Other, K> | BroadcastConnectedStream<T, Other, K> {
    if (other instanceof BroadcastStream)
      return new BroadcastConnectedStream<T, Other, K>(this.inputs, other.inputs, this.#streamAfter)
    if (!(other instanceof KeyedStream))
      throw new JobError(
        `connect of a keyed stream takes another keyed stream or a broadcast one, but got ${inWords(other)}`,
      )
    return new ConnectedStreams<T, Other, K>(this.#topology, this.inputs, other.inputs, this.#streamAfter)
  }

  /** Joins with the elements of another stream that have the same key and lie near in event time. */
  intervalJoin<Other>(other: KeyedStream<Other, K>): IntervalJoin<T, Other, K> {
    if (!(other instanceof KeyedStream))
      throw new JobError(`intervalJoin takes a keyed stream, but got ${inWords(other)}`)
    return new IntervalJoin<T, Other, K>(this.inputs, other.inputs, this.#streamAfter)
  }

  /**
   * What `reduce` makes of the elements of a key so far, after each of them; the first one as it is. `reduce` must be pure.
   * Flink: KeyedStream.reduce.
   */
  reduce(reduce: (a: T, b: T) => T): DataStream<T> {
    if (typeof reduce !== 'function')
      throw new JobError(`reduce takes a function of two values, but got ${inWords(reduce)}`)
    return this.#rolling('reduce', reduce)
  }
  /** After each element: the first record of its key with the sum of a field so far. */
  sum<F extends keyof T>(this: KeyedStream<WithField<F, number>, K>, field: F): DataStream<T>
  sum(field: PropertyKey): DataStream<T> {
    return this.#rolling('sum', sumOf(field))
  }
  /** The first record of the key with the least value of a field so far; the rest of it does not belong to that value. */
  min<F extends keyof T>(this: KeyedStream<WithField<F, Comparable>, K>, field: F): DataStream<T>
  min(field: PropertyKey): DataStream<T> {
    return this.#rolling('min', minOf(field))
  }
  /** The first record of the key with the greatest value of a field so far. */
  max<F extends keyof T>(this: KeyedStream<WithField<F, Comparable>, K>, field: F): DataStream<T>
  max(field: PropertyKey): DataStream<T> {
    return this.#rolling('max', maxOf(field))
  }
  /** The record with the least value of a field so far. @param first which of equal ones: the first, or else the last */
  minBy<F extends keyof T>(this: KeyedStream<WithField<F, Comparable>, K>, field: F, first?: boolean): DataStream<T>
  minBy(field: PropertyKey, first = true): DataStream<T> {
    return this.#rolling('minBy', minByOf(field, first))
  }
  /** The record with the greatest value of a field so far. @param first which of equal ones: the first, or else the last */
  maxBy<F extends keyof T>(this: KeyedStream<WithField<F, Comparable>, K>, field: F, first?: boolean): DataStream<T>
  maxBy(field: PropertyKey, first = true): DataStream<T> {
    return this.#rolling('maxBy', maxByOf(field, first))
  }

  /** Windows per key; what they do with their elements comes next. */
  window<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, K, W> {
    requireAssigner('window', assigner)
    return this.#windowed('window', assigner)
  }

  /**
   * Windows of a number of elements per key. Flink: KeyedStream.countWindow.
   * @param size elements of a window, at least 1; what is left at the end comes in none
   * @param slide elements from one window to the next, at least 1; the size if left out. With it, the window of the last `size`
   * elements fires with every `slide` elements, the first ones with less.
   */
  countWindow(size: number, slide?: number): WindowedStream<T, K, GlobalWindow> {
    const windowed = this.#windowed('countWindow', GlobalWindows.create())
    return inCounts(windowed, size, slide)
  }

  #rolling(label: string, reduce: (a: T, b: T) => T): DataStream<T> {
    const operator = (): Operator => new KeyedReduceOperator(reduce as (a: unknown, b: unknown) => unknown)
    return this.#streamAfter(label, { kind: 'operator', operator }, [this.inputs])
  }
  #windowed<W extends Window>(label: string, assigner: WindowAssigner<T, W>): WindowedStream<T, K, W> {
    this.#topology.expectReader(this.inputs, label)
    return new WindowedStream(assigner, true, (body) => this.#streamAfter(label, body, [this.inputs]))
  }
}
