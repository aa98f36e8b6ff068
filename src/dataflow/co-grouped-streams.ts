/**
 * Two streams that meet in windows: `a.coGroup(b).where(key).equalTo(key).window(assigner).apply(function)`.
 *
 * ```
 *   a ──> tagged as one ─┐
 *                        ├─ union ──key──> window operator ──> the elements of both, apart
 *   b ──> tagged as two ─┘
 * ```
 *
 * It is a window over the union of both, so triggers and evictors see tagged elements in the order of their arrival, and the
 * watermark is that of a union. Flink: CoGroupedStreams.
 */
import type { Key } from '../model/index.ts'
import { mapStep } from './chained-step.ts'
import type { DataStream } from './data-stream.ts'
import type { Duration } from './duration.ts'
import type { Collector } from './functions.ts'
import { inWords, JobError } from './job-error.ts'
import type { KeyTypeOf, StreamAfter } from './keyed-stream.ts'
import type { Topology } from './topology.ts'
import type { Input } from './transformation.ts'
import { requireAssigner, WindowedStream } from './windowed-stream.ts'
import type { Evictor, TimeWindow, Trigger, Window, WindowAssigner } from './windowing/index.ts'

/** An element of the first or of the second stream. Flink: CoGroupedStreams.TaggedUnion. */
export type TaggedUnion<First, Second> = { readonly one: First } | { readonly two: Second }

/** What a window with elements of two streams becomes; either list may be empty. It must be pure. Flink: CoGroupFunction. */
export type CoGroupFunction<First, Second, Out> = (
  first: readonly First[],
  second: readonly Second[],
  out: Collector<Out>,
) => void

/** The two streams, and what it takes to read both. */
interface Pair {
  readonly topology: Topology
  readonly streamAfter: StreamAfter
  readonly first: readonly Input[]
  readonly second: readonly Input[]
}
/** The key of an element of either stream. */
interface PairKeys<First, Second, K extends Key> {
  readonly ofFirst: (value: First) => K
  readonly ofSecond: (value: Second) => K
  readonly keyType: KeyTypeOf<K> | undefined
}

/** Made by `coGroup`. */
export class CoGroupedStreams<First, Second> {
  readonly #pair: Pair

  /** @internal */
  constructor(pair: Pair) {
    this.#pair = pair
  }
  /**
   * @param keyOf the key of an element of the first stream; must be pure
   * @param keyType the Java type of the keys; if left out, it is told from each key
   */
  where<K extends Key>(keyOf: (value: First) => K, keyType?: KeyTypeOf<K>): CoGroupedWhere<First, Second, K> {
    return new CoGroupedWhere(this.#pair, checkedKey('where', keyOf), keyType)
  }
}

/** Made by `where`. */
export class CoGroupedWhere<First, Second, K extends Key> {
  readonly #pair: Pair
  readonly #ofFirst: (value: First) => K
  readonly #keyType: KeyTypeOf<K> | undefined

  /** @internal */
  constructor(pair: Pair, ofFirst: (value: First) => K, keyType: KeyTypeOf<K> | undefined) {
    this.#pair = pair
    this.#ofFirst = ofFirst
    this.#keyType = keyType
  }
  /** @param keyOf the key of an element of the second stream; must be pure */
  equalTo(keyOf: (value: Second) => K): CoGroupedEqualTo<First, Second, K> {
    const ofSecond = checkedKey('equalTo', keyOf)
    return new CoGroupedEqualTo(this.#pair, { ofFirst: this.#ofFirst, ofSecond, keyType: this.#keyType })
  }
}

/** Made by `equalTo`. */
export class CoGroupedEqualTo<First, Second, K extends Key> {
  readonly #pair: Pair
  readonly #keys: PairKeys<First, Second, K>

  /** @internal */
  constructor(pair: Pair, keys: PairKeys<First, Second, K>) {
    this.#pair = pair
    this.#keys = keys
  }
  /** Windows per key, of the elements of both streams. */
  window<W extends Window>(
    assigner: WindowAssigner<TaggedUnion<First, Second>, W>,
  ): CoGroupedWindow<First, Second, K, W> {
    requireAssigner('window', assigner)
    return new CoGroupedWindow(this.#pair, this.#keys, assigner)
  }
}

/** Made by `window`. Flink: CoGroupedStreams.WithWindow. */
export class CoGroupedWindow<First, Second, K extends Key, W extends Window = TimeWindow> {
  readonly #pair: Pair
  readonly #keys: PairKeys<First, Second, K>
  readonly #windowed: WindowedStream<TaggedUnion<First, Second>, K, W>
  #label = 'coGroup'

  /** @internal */
  constructor(pair: Pair, keys: PairKeys<First, Second, K>, assigner: WindowAssigner<TaggedUnion<First, Second>, W>) {
    this.#pair = pair
    this.#keys = keys
    this.#windowed = new WindowedStream(assigner, true, (body) =>
      pair.streamAfter(this.#label, body, [[...this.#tagged('one'), ...this.#tagged('two')]]),
    )
  }
  /** When windows fire: a trigger, or a factory of one that has fields of its own. */
  trigger(trigger: Trigger<TaggedUnion<First, Second>, W> | (() => Trigger<TaggedUnion<First, Second>, W>)): this {
    this.#windowed.trigger(trigger)
    return this
  }
  /** What leaves a window when it fires. */
  evictor(evictor: Evictor<TaggedUnion<First, Second>, W> | (() => Evictor<TaggedUnion<First, Second>, W>)): this {
    this.#windowed.evictor(evictor)
    return this
  }
  /** How long after its end a window in event time is kept. Late elements are dropped. */
  allowedLateness(lateness: Duration): this {
    this.#windowed.allowedLateness(lateness)
    return this
  }
  /** Ends it with what becomes of a window that fires. */
  apply<Out>(coGroup: CoGroupFunction<First, Second, Out>): DataStream<Out> {
    return this.applyAs('coGroup', coGroup)
  }
  /** @internal @param label names the operator as long as it has no uid */
  applyAs<Out>(label: string, coGroup: CoGroupFunction<First, Second, Out>): DataStream<Out> {
    if (typeof coGroup !== 'function')
      throw new JobError(`apply takes a function of the elements of both streams, but got ${inWords(coGroup)}`)
    this.#label = label
    return this.#windowed.process<Out>(() => ({
      process(_key, _context, elements, out) {
        const first: First[] = []
        const second: Second[] = []
        for (const element of elements)
          if ('one' in element) first.push(element.one)
          else second.push(element.two)
        return coGroup(first, second, out)
      },
    }))
  }
  /** One of the streams, tagged and by its keys. A tag is put on where the stream comes from. */
  #tagged(side: 'one' | 'two'): readonly Input[] {
    const { topology, first, second } = this.#pair
    const { ofFirst, ofSecond, keyType } = this.#keys
    const inputs = side === 'one' ? first : second
    const tagged = topology.add(
      `${this.#label}-${side}`,
      { kind: 'step', make: mapStep(side === 'one' ? (one) => ({ one }) : (two) => ({ two })) },
      [inputs],
    )
    if (inputs.length === 1) tagged.parallelism = inputs[0]!.from.parallelism
    const keyOf = (element: TaggedUnion<First, Second>): K =>
      'one' in element ? ofFirst(element.one) : ofSecond(element.two)
    return [{ from: tagged, partitioner: 'key', keyOf, ...(keyType === undefined ? {} : { keyType }) }]
  }
}

function checkedKey<Of>(method: string, keyOf: Of): Of {
  if (typeof keyOf === 'function') return keyOf
  throw new JobError(`${method} takes a function from value to key, but got ${inWords(keyOf)}`)
}
