import type { Key } from '../model/index.ts'
import type {
  CoGroupedEqualTo,
  CoGroupedStreams,
  CoGroupedWhere,
  CoGroupedWindow,
  TaggedUnion,
} from './co-grouped-streams.ts'
import type { DataStream } from './data-stream.ts'
import type { Duration } from './duration.ts'
import { inWords, JobError } from './job-error.ts'
import type { KeyTypeOf } from './keyed-stream.ts'
import type { Evictor, TimeWindow, Trigger, Window, WindowAssigner } from './windowing/index.ts'

/** What two elements of one key and window become. It must be pure. Flink: JoinFunction. */
export type JoinFunction<First, Second, Out> = (first: First, second: Second) => Out

/**
 * Every pair of elements of two streams that have a key and a window in common:
 * `a.join(b).where(key).equalTo(key).window(assigner).apply(function)`. A coGroup that makes pairs. Flink: JoinedStreams. Made by
 * `join`.
 */
export class JoinedStreams<First, Second> {
  readonly #coGrouped: CoGroupedStreams<First, Second>

  /** @internal */
  constructor(coGrouped: CoGroupedStreams<First, Second>) {
    this.#coGrouped = coGrouped
  }
  /**
   * @param keyOf the key of an element of the first stream; must be pure
   * @param keyType the Java type of the keys; if left out, it is told from each key
   */
  where<K extends Key>(keyOf: (value: First) => K, keyType?: KeyTypeOf<K>): JoinedWhere<First, Second, K> {
    return new JoinedWhere(this.#coGrouped.where(keyOf, keyType))
  }
}

/** Made by `where`. */
export class JoinedWhere<First, Second, K extends Key> {
  readonly #coGrouped: CoGroupedWhere<First, Second, K>

  /** @internal */
  constructor(coGrouped: CoGroupedWhere<First, Second, K>) {
    this.#coGrouped = coGrouped
  }
  /** @param keyOf the key of an element of the second stream; must be pure */
  equalTo(keyOf: (value: Second) => K): JoinedEqualTo<First, Second, K> {
    return new JoinedEqualTo(this.#coGrouped.equalTo(keyOf))
  }
}

/** Made by `equalTo`. */
export class JoinedEqualTo<First, Second, K extends Key> {
  readonly #coGrouped: CoGroupedEqualTo<First, Second, K>

  /** @internal */
  constructor(coGrouped: CoGroupedEqualTo<First, Second, K>) {
    this.#coGrouped = coGrouped
  }
  /** Windows per key, of the elements of both streams. */
  window<W extends Window>(assigner: WindowAssigner<TaggedUnion<First, Second>, W>): JoinedWindow<First, Second, K, W> {
    return new JoinedWindow(this.#coGrouped.window(assigner))
  }
}

/** Made by `window`. Flink: JoinedStreams.WithWindow. */
export class JoinedWindow<First, Second, K extends Key, W extends Window = TimeWindow> {
  readonly #coGrouped: CoGroupedWindow<First, Second, K, W>

  /** @internal */
  constructor(coGrouped: CoGroupedWindow<First, Second, K, W>) {
    this.#coGrouped = coGrouped
  }
  /** When windows fire: a trigger, or a factory of one that has fields of its own. */
  trigger(trigger: Trigger<TaggedUnion<First, Second>, W> | (() => Trigger<TaggedUnion<First, Second>, W>)): this {
    this.#coGrouped.trigger(trigger)
    return this
  }
  /** What leaves a window when it fires. */
  evictor(evictor: Evictor<TaggedUnion<First, Second>, W> | (() => Evictor<TaggedUnion<First, Second>, W>)): this {
    this.#coGrouped.evictor(evictor)
    return this
  }
  /** How long after its end a window in event time is kept: a late element then gives all pairs of the window again. */
  allowedLateness(lateness: Duration): this {
    this.#coGrouped.allowedLateness(lateness)
    return this
  }
  /** Ends it with what becomes of a pair: for each first element, in the order of arrival, with each second one. */
  apply<Out>(join: JoinFunction<First, Second, Out>): DataStream<Out> {
    if (typeof join !== 'function')
      throw new JobError(`apply takes a function of two elements, but got ${inWords(join)}`)
    return this.#coGrouped.applyAs('join', (first, second, out) => {
      for (const one of first) for (const two of second) out.collect(join(one, two))
    })
  }
}
