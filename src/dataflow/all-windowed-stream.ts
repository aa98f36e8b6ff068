import type { DataStream } from './data-stream.ts'
import type { Duration } from './duration.ts'
import { type Comparable, maxByOf, maxOf, minByOf, minOf, sumOf, type WithField } from './field-aggregation.ts'
import type { OutputTag } from './output-tag.ts'
import type { AggregateFunction } from './state.ts'
import type { WindowedStream } from './windowed-stream.ts'
import type {
  Evictor,
  ProcessAllWindowFunction,
  ProcessWindowFunction,
  TimeWindow,
  Trigger,
  Window,
} from './windowing/index.ts'

/** The one key of all elements. */
export const ALL = 0

/**
 * A stream in windows that hold all its elements, whatever their key: one subtask does all the work. Flink: AllWindowedStream.
 * Made by `windowAll` and `countWindowAll`; its methods are those of WindowedStream, but for keys.
 */
export class AllWindowedStream<out T, W extends Window = TimeWindow> {
  readonly #windowed: WindowedStream<T, typeof ALL, W>

  /** @internal */
  constructor(windowed: WindowedStream<T, typeof ALL, W>) {
    this.#windowed = windowed
  }
  /** When windows fire: a trigger, or a factory of one that has fields of its own. */
  trigger(trigger: Trigger<T, W> | (() => Trigger<T, W>)): this {
    this.#windowed.trigger(trigger)
    return this
  }
  /** What leaves a window when it fires. */
  evictor(evictor: Evictor<T, W> | (() => Evictor<T, W>)): this {
    this.#windowed.evictor(evictor)
    return this
  }
  /** How long after its end a window in event time is kept. */
  allowedLateness(lateness: Duration): this {
    this.#windowed.allowedLateness(lateness)
    return this
  }
  /** Late elements that no window takes any more go there, unchanged; they are dropped otherwise. */
  sideOutputLateData(tag: OutputTag<T>): this {
    this.#windowed.sideOutputLateData(tag)
    return this
  }
  /** Two values to one, until one is left. `reduce` must be pure. */
  reduce(reduce: (a: T, b: T) => T): DataStream<T>
  /** The same; the value that is left goes, as the only element, to a function that sees the window. */
  reduce<Out>(reduce: (a: T, b: T) => T, factory: () => ProcessAllWindowFunction<T, Out, W>): DataStream<Out>
  reduce<Out>(reduce: (a: T, b: T) => T, factory?: () => ProcessAllWindowFunction<T, Out, W>): DataStream<T | Out> {
    if (factory === undefined) return this.#windowed.reduce(reduce)
    return this.#windowed.reduce(reduce, keyed(factory))
  }
  /** An accumulator per window. */
  aggregate<Acc, Out>(aggregate: AggregateFunction<T, Acc, Out>): DataStream<Out>
  /** The same; its result goes, as the only element, to a function that sees the window. */
  aggregate<Acc, Result, Out>(
    aggregate: AggregateFunction<T, Acc, Result>,
    factory: () => ProcessAllWindowFunction<Result, Out, W>,
  ): DataStream<Out>
  aggregate<Acc, Result, Out>(
    aggregate: AggregateFunction<T, Acc, Result>,
    factory?: () => ProcessAllWindowFunction<Result, Out, W>,
  ): DataStream<Result | Out> {
    if (factory === undefined) return this.#windowed.aggregate(aggregate)
    return this.#windowed.aggregate(aggregate, keyed(factory))
  }
  /** All elements of a window at once. */
  process<Out>(factory: () => ProcessAllWindowFunction<T, Out, W>): DataStream<Out> {
    return this.#windowed.process(keyed(factory))
  }
  /** The first record of the window with the sum of a field of all. */
  sum<F extends keyof T>(this: AllWindowedStream<WithField<F, number>, W>, field: F): DataStream<T>
  sum(field: PropertyKey): DataStream<T> {
    return this.#windowed.reduce(sumOf(field))
  }
  /** The first record of the window with the least value of a field. */
  min<F extends keyof T>(this: AllWindowedStream<WithField<F, Comparable>, W>, field: F): DataStream<T>
  min(field: PropertyKey): DataStream<T> {
    return this.#windowed.reduce(minOf(field))
  }
  /** The first record of the window with the greatest value of a field. */
  max<F extends keyof T>(this: AllWindowedStream<WithField<F, Comparable>, W>, field: F): DataStream<T>
  max(field: PropertyKey): DataStream<T> {
    return this.#windowed.reduce(maxOf(field))
  }
  /** The record with the least value of a field. @param first which of equal ones: the first, or else the last */
  minBy<F extends keyof T>(
    this: AllWindowedStream<WithField<F, Comparable>, W>,
    field: F,
    first?: boolean,
  ): DataStream<T>
  minBy(field: PropertyKey, first = true): DataStream<T> {
    return this.#windowed.reduce(minByOf(field, first))
  }
  /** The record with the greatest value of a field. @param first which of equal ones: the first, or else the last */
  maxBy<F extends keyof T>(
    this: AllWindowedStream<WithField<F, Comparable>, W>,
    field: F,
    first?: boolean,
  ): DataStream<T>
  maxBy(field: PropertyKey, first = true): DataStream<T> {
    return this.#windowed.reduce(maxByOf(field, first))
  }
}

/** The operator of a stream without keys calls the function without one. */
const keyed = <In, Out, W extends Window>(factory: () => ProcessAllWindowFunction<In, Out, W>) =>
  factory as unknown as () => ProcessWindowFunction<In, Out, typeof ALL, W>
