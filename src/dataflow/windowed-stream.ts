import type { Key } from '../model/index.ts'
import type { DataStream } from './data-stream.ts'
import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import { type Comparable, maxByOf, maxOf, minByOf, minOf, sumOf, type WithField } from './field-aggregation.ts'
import { integerIn, inWords, JobError } from './job-error.ts'
import { requireFactory } from './operator-settings.ts'
import { OutputTag } from './output-tag.ts'
import type { AggregateFunction } from './state.ts'
import type { Body } from './transformation.ts'
import {
  aggregateFold,
  BufferedContents,
  CountEvictor,
  CountTrigger,
  EndOfStreamTrigger,
  EndOfStreamWindowOperator,
  type Evictor,
  FoldedContents,
  type GlobalWindow,
  listFold,
  type MakeContents,
  type ProcessAllWindowFunction,
  type ProcessWindowFunction,
  PurgingTrigger,
  reduceFold,
  type TimeWindow,
  type Trigger,
  type Window,
  type WindowAssigner,
  type WindowFold,
  WindowOperator,
  type WindowParts,
} from './windowing/index.ts'

type AnyFold = WindowFold<unknown, unknown, unknown>
type AnyFunction = ProcessWindowFunction<unknown, unknown, Key, Window>
type AnyAllFunction = ProcessAllWindowFunction<unknown, unknown, Window>
/** Whoever writes a class with fields of its own hands a factory over, so that each attempt has a fresh instance. @inline */
type OrFactory<T> = T | (() => T)

/**
 * A keyed stream in windows. Flink: WindowedStream. Its results carry the last timestamp of their window. Made by `window` and
 * `countWindow`; `trigger` to `sideOutputLateData` come first, then one of the others ends it.
 */
export class WindowedStream<out T, K extends Key, W extends Window = TimeWindow> {
  readonly #assigner: WindowAssigner<unknown, Window>
  readonly #keyed: boolean
  readonly #add: <Out>(body: Body) => DataStream<Out>
  #trigger: () => Trigger<unknown, Window>
  #evictor: (() => Evictor<unknown, Window>) | undefined
  #allowedLatenessMs = 0
  #lateTag: string | undefined

  /** @internal @param keyed false: of a whole stream, by functions that see no key (see AllWindowedStream) */
  constructor(assigner: WindowAssigner<T, W>, keyed: boolean, add: <Out>(body: Body) => DataStream<Out>) {
    this.#assigner = assigner as WindowAssigner<unknown, Window>
    this.#keyed = keyed
    this.#add = add
    this.#trigger = () => this.#assigner.getDefaultTrigger()
  }

  /**
   * When windows fire, in place of the default of the assigner: a trigger, or a factory of one that has fields of its own.
   * @throws JobError if windows merge and the trigger cannot
   */
  trigger(trigger: OrFactory<Trigger<T, W>>): this {
    const factory = instances(trigger, 'trigger', 'onElement', 'a trigger such as CountTrigger.of(3)')
    if (this.#assigner.merging === true && factory().onMerge === undefined)
      throw new JobError('windows that merge, such as sessions, need a trigger with onMerge')
    this.#trigger = factory as () => Trigger<unknown, Window>
    return this
  }

  /** What leaves a window when it fires. Its elements are then all kept, also for `reduce` and `aggregate`. */
  evictor(evictor: OrFactory<Evictor<T, W>>): this {
    const factory = instances(evictor, 'evictor', 'evictBefore', 'an evictor such as CountEvictor.of(3)')
    this.#evictor = factory as () => Evictor<unknown, Window>
    return this
  }

  /**
   * How long after its end a window in event time is kept. An element that comes in that time is put into it; with the default
   * trigger it fires again at once.
   * @param lateness 0 if it is never set
   */
  allowedLateness(lateness: Duration): this {
    this.#allowedLatenessMs = durationMs(lateness, 'the allowed lateness')
    return this
  }

  /** Late elements that no window takes any more go there, unchanged; they are dropped otherwise. */
  sideOutputLateData(tag: OutputTag<T>): this {
    if (!(tag instanceof OutputTag))
      throw new JobError(`sideOutputLateData takes an OutputTag, but got ${inWords(tag)}`)
    this.#lateTag = tag.id
    return this
  }

  /** Two values to one, until one is left; the state is one value per key and window. `reduce` must be pure. */
  reduce(reduce: (a: T, b: T) => T): DataStream<T>
  /** The same; the value that is left goes, as the only element, to a function that sees key and window. */
  reduce<Out>(reduce: (a: T, b: T) => T, factory: () => ProcessWindowFunction<T, Out, K, W>): DataStream<Out>
  reduce<Out>(reduce: (a: T, b: T) => T, factory?: () => ProcessWindowFunction<T, Out, K, W>): DataStream<T | Out> {
    if (typeof reduce !== 'function')
      throw new JobError(`reduce takes a function of two values, but got ${inWords(reduce)}`)
    if (factory !== undefined) requireFactory('reduce', factory)
    return this.#end(reduceFold(reduce) as AnyFold, factory)
  }

  /** An accumulator per key and window. `aggregate` is pure: `add` returns the new accumulator, it does not change the old. */
  aggregate<Acc, Out>(aggregate: AggregateFunction<T, Acc, Out>): DataStream<Out>
  /** The same; its result goes, as the only element, to a function that sees key and window. */
  aggregate<Acc, Result, Out>(
    aggregate: AggregateFunction<T, Acc, Result>,
    factory: () => ProcessWindowFunction<Result, Out, K, W>,
  ): DataStream<Out>
  aggregate<Acc, Result, Out>(
    aggregate: AggregateFunction<T, Acc, Result>,
    factory?: () => ProcessWindowFunction<Result, Out, K, W>,
  ): DataStream<Result | Out> {
    if (typeof aggregate?.createAccumulator !== 'function')
      throw new JobError(
        `aggregate takes an AggregateFunction (createAccumulator, add, getResult), but got ${inWords(aggregate)}`,
      )
    if (this.#assigner.merging === true && this.#evictor === undefined && aggregate.merge === undefined)
      throw new JobError('windows that merge, such as sessions, need an AggregateFunction with merge')
    if (factory !== undefined) requireFactory('aggregate', factory)
    return this.#end(aggregateFold(aggregate) as AnyFold, factory)
  }

  /**
   * All elements of a window at once. They are kept in one list that is written anew with each element: where an
   * aggregate does, it is cheaper.
   */
  process<Out>(factory: () => ProcessWindowFunction<T, Out, K, W>): DataStream<Out> {
    requireFactory('process', factory)
    return this.#end(listFold() as AnyFold, factory)
  }

  /** The first record of the window with the sum of a field of all. Flink: sum. */
  sum<F extends keyof T>(this: WindowedStream<WithField<F, number>, K, W>, field: F): DataStream<T>
  sum(field: PropertyKey): DataStream<T> {
    return this.reduce(sumOf(field))
  }
  /** The first record of the window with the least value of a field; what else is in it does not belong to that value. */
  min<F extends keyof T>(this: WindowedStream<WithField<F, Comparable>, K, W>, field: F): DataStream<T>
  min(field: PropertyKey): DataStream<T> {
    return this.reduce(minOf(field))
  }
  /** The first record of the window with the greatest value of a field. */
  max<F extends keyof T>(this: WindowedStream<WithField<F, Comparable>, K, W>, field: F): DataStream<T>
  max(field: PropertyKey): DataStream<T> {
    return this.reduce(maxOf(field))
  }
  /** The record with the least value of a field. @param first which of equal ones: the first, or else the last */
  minBy<F extends keyof T>(
    this: WindowedStream<WithField<F, Comparable>, K, W>,
    field: F,
    first?: boolean,
  ): DataStream<T>
  minBy(field: PropertyKey, first = true): DataStream<T> {
    return this.reduce(minByOf(field, first))
  }
  /** The record with the greatest value of a field. @param first which of equal ones: the first, or else the last */
  maxBy<F extends keyof T>(
    this: WindowedStream<WithField<F, Comparable>, K, W>,
    field: F,
    first?: boolean,
  ): DataStream<T>
  maxBy(field: PropertyKey, first = true): DataStream<T> {
    return this.reduce(maxByOf(field, first))
  }

  #end<Out>(fold: AnyFold, factory: (() => ProcessWindowFunction<never, Out, K, W>) | undefined): DataStream<Out> {
    const assigner = this.#assigner
    const trigger = this.#trigger
    const evictor = this.#evictor
    const make = factory as (() => AnyFunction) | undefined
    const keyed = this.#keyed
    const allowedLatenessMs = this.#allowedLatenessMs
    const lateTag = this.#lateTag
    const untilTheEnd = keyed && trigger() instanceof EndOfStreamTrigger
    const Operator = untilTheEnd ? EndOfStreamWindowOperator : WindowOperator
    const contents: MakeContents =
      evictor === undefined && !untilTheEnd
        ? (context) => new FoldedContents(context, fold)
        : (context) => new BufferedContents(context, fold, evictor?.(), untilTheEnd)
    return this.#add({
      kind: 'operator',
      operator: () => {
        const apply = make?.()
        const parts: WindowParts = {
          assigner,
          trigger: trigger(),
          contents,
          function: keyed || apply === undefined ? apply : withoutKey(apply as unknown as AnyAllFunction),
          allowedLatenessMs,
          lateTag,
        }
        return new Operator(parts)
      },
      ...(factory === undefined ? {} : { user: { factory, methods: ['process'] } }),
    })
  }
}

/** Windows that are counted. Flink: KeyedStream.countWindow. */
export function inCounts<T, K extends Key>(
  windowed: WindowedStream<T, K, GlobalWindow>,
  size: number,
  slide: number | undefined,
): WindowedStream<T, K, GlobalWindow> {
  integerIn(size, 'the size of a count window', 1)
  if (slide === undefined) return windowed.trigger(PurgingTrigger.of(CountTrigger.of(size)))
  integerIn(slide, 'the slide of a count window', 1)
  return windowed.evictor(CountEvictor.of(size)).trigger(CountTrigger.of(slide))
}

export function requireAssigner(method: string, assigner: Partial<WindowAssigner<never, Window>>): void {
  if (typeof assigner?.assignWindows === 'function') return
  throw new JobError(
    `${method} takes a window assigner such as TumblingEventTimeWindows.of(size), but got ${inWords(assigner)}`,
  )
}

function instances<T extends object>(given: OrFactory<T>, what: string, method: keyof T, such: string): () => T {
  const factory = typeof given === 'function' ? given : (): T => given
  const made: unknown = factory()
  if (typeof (made as T | undefined)?.[method] !== 'function')
    throw new JobError(`${what} takes ${such}, or a factory of one, but got ${inWords(made)}`)
  return factory
}

/** A function of the windows of a whole stream, as the operator calls it. */
function withoutKey(apply: AnyAllFunction): AnyFunction {
  return {
    open: (context) => apply.open?.(context),
    process: (_key, context, elements, out) => apply.process(context, elements, out),
    clear: (context) => apply.clear?.(context),
  }
}
