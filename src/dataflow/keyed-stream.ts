import type { Key } from '../model/index.ts'
import { BroadcastConnectedStream, BroadcastStream } from './broadcast-stream.ts'
import { ConnectedStreams } from './connected-streams.ts'
import type { DataStream } from './data-stream.ts'
import type { ProcessFunction } from './functions.ts'
import { IntervalJoin } from './interval-join.ts'
import { inWords, JobError } from './job-error.ts'
import { requireFactory } from './operator-settings.ts'
import { processBody } from './process-operator.ts'
import type { Topology } from './topology.ts'
import type { Body, Input } from './transformation.ts'
import { TumblingEventTimeWindows } from './window-assigner.ts'
import { WindowedStream } from './windowed-stream.ts'

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
export class KeyedStream<T, K extends Key> {
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

  /** Windows per key; what they do with their elements comes next. */
  window(assigner: TumblingEventTimeWindows): WindowedStream<T, K> {
    if (!(assigner instanceof TumblingEventTimeWindows)) {
      throw new JobError(`window takes TumblingEventTimeWindows.of(size), but got ${inWords(assigner)}`)
    }
    this.#topology.expectReader(this.inputs, 'window')
    return new WindowedStream(assigner, (process) => this.#streamAfter('window', processBody(process), [this.inputs]))
  }
}
