import type { Key } from '../model/index.ts'
import type { DataStream } from './data-stream.ts'
import type { Collector, ProcessFunction } from './functions.ts'
import { inWords, JobError } from './job-error.ts'
import { requireFactory } from './operator-settings.ts'
import type { AggregateFunction } from './state.ts'
import type { WindowFold } from './tumbling-window.ts'
import { TumblingWindow } from './tumbling-window.ts'
import type { TimeWindow, TumblingEventTimeWindows } from './window-assigner.ts'

/** What makes results of a whole window. Flink: ProcessWindowFunction. `elements` are in the order of their arrival. */
export interface ProcessWindowFunction<In, Out, K = Key> {
  process(key: K, window: TimeWindow, elements: readonly In[], out: Collector<Out>): void
}

/**
 * A keyed stream in windows. Flink: WindowedStream. A window fires once, when the watermark reaches its last timestamp, and
 * its results carry that timestamp; an element that comes after that is dropped. Made by `window`.
 */
export class WindowedStream<T, K extends Key> {
  readonly #windows: TumblingEventTimeWindows
  readonly #add: <Out>(process: () => ProcessFunction) => DataStream<Out>

  /** @internal */
  constructor(windows: TumblingEventTimeWindows, add: <Out>(process: () => ProcessFunction) => DataStream<Out>) {
    this.#windows = windows
    this.#add = add
  }

  /** Two values to one, until one is left; the state is one value per key and window. `reduce` must be pure. */
  reduce(reduce: (a: T, b: T) => T): DataStream<T>
  /** The same; the value that is left goes, as the only element, to a function that sees key and window. */
  reduce<Out>(reduce: (a: T, b: T) => T, factory: () => ProcessWindowFunction<T, Out, K>): DataStream<Out>
  reduce<Out>(reduce: (a: T, b: T) => T, factory?: () => ProcessWindowFunction<T, Out, K>): DataStream<T | Out> {
    if (typeof reduce !== 'function')
      throw new JobError(`reduce takes a function of two values, but got ${inWords(reduce)}`)
    return this.#fold<T, T, Out>(
      (value) => value,
      (value, sum) => reduce(sum, value),
      (sum) => sum,
      'reduce',
      factory,
    )
  }

  /** An accumulator per key and window. `aggregate` is pure: `add` returns the new accumulator, it does not change the old. */
  aggregate<Acc, Out>(aggregate: AggregateFunction<T, Acc, Out>): DataStream<Out>
  /** The same; its result goes, as the only element, to a function that sees key and window. */
  aggregate<Acc, Result, Out>(
    aggregate: AggregateFunction<T, Acc, Result>,
    factory: () => ProcessWindowFunction<Result, Out, K>,
  ): DataStream<Out>
  aggregate<Acc, Result, Out>(
    aggregate: AggregateFunction<T, Acc, Result>,
    factory?: () => ProcessWindowFunction<Result, Out, K>,
  ): DataStream<Result | Out> {
    if (typeof aggregate?.createAccumulator !== 'function') {
      throw new JobError(
        `aggregate takes an AggregateFunction (createAccumulator, add, getResult), but got ${inWords(aggregate)}`,
      )
    }
    return this.#fold<Acc, Result, Out>(
      (value) => aggregate.add(value, aggregate.createAccumulator()),
      (value, accumulator) => aggregate.add(value, accumulator),
      (accumulator) => aggregate.getResult(accumulator),
      'aggregate',
      factory,
    )
  }

  /**
   * All elements of a window at once. They are kept in one list that is written anew with each element: where an
   * aggregate does, it is cheaper.
   */
  process<Out>(factory: () => ProcessWindowFunction<T, Out, K>): DataStream<Out> {
    requireFactory('process', factory)
    return this.#add(() => {
      const apply = made(factory)
      const fold: WindowFold<T, readonly T[], Out, K> = {
        first: (value) => [value],
        next: (value, elements) => [...elements, value],
        results: (key, window, elements, out) => apply.process(key, window, elements, out),
      }
      return new TumblingWindow(this.#windows, fold)
    })
  }

  #fold<Acc, Result, Out>(
    first: (value: T) => Acc,
    next: (value: T, contents: Acc) => Acc,
    resultOf: (contents: Acc) => Result,
    method: string,
    factory: (() => ProcessWindowFunction<Result, Out, K>) | undefined,
  ): DataStream<Result | Out> {
    if (factory !== undefined) requireFactory(method, factory)
    return this.#add(() => {
      const apply = factory && made(factory)
      const fold: WindowFold<T, Acc, Result | Out, K> = {
        first,
        next,
        results(key, window, contents, out) {
          const result = resultOf(contents)
          if (apply) apply.process(key, window, [result], out)
          else out.collect(result)
        },
      }
      return new TumblingWindow(this.#windows, fold)
    })
  }
}

function made<In, Out, K>(factory: () => ProcessWindowFunction<In, Out, K>): ProcessWindowFunction<In, Out, K> {
  const apply = factory()
  if (typeof apply?.process === 'function') return apply
  throw new JobError(`it must return a window function, with a method process, but returned ${inWords(apply)}`)
}
