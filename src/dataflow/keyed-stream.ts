import type { Key } from '../model/index.ts'
import type { DataStream } from './data-stream.ts'
import type { ProcessFunction } from './functions.ts'
import { inWords, JobError } from './job-error.ts'
import { requireFactory } from './operator-settings.ts'
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
export type StreamAfter = <Out>(label: string, body: Body, input: Input) => DataStream<Out>

/** A stream whose records are partitioned by a key of type K. Flink: KeyedStream. Made by `keyBy`. */
export class KeyedStream<T, K extends Key> {
  readonly #topology: Topology
  readonly #input: Input
  readonly #streamAfter: StreamAfter

  /** @internal */
  constructor(topology: Topology, input: Input, streamAfter: StreamAfter) {
    this.#topology = topology
    this.#input = input
    this.#streamAfter = streamAfter
  }

  /**
   * A function with keyed state and timers.
   * @param factory makes the function; called anew for every attempt
   */
  process<Out>(factory: () => ProcessFunction<T, Out, K>): DataStream<Out> {
    requireFactory('process', factory)
    return this.#streamAfter('process', { kind: 'process', process: factory, keyed: true }, this.#input)
  }

  /** Windows per key; what they do with their elements comes next. */
  window(assigner: TumblingEventTimeWindows): WindowedStream<T, K> {
    if (!(assigner instanceof TumblingEventTimeWindows)) {
      throw new JobError(`window takes TumblingEventTimeWindows.of(size), but got ${inWords(assigner)}`)
    }
    this.#topology.expectReader(this.#input, 'window')
    return new WindowedStream(assigner, (process) =>
      this.#streamAfter('window', { kind: 'process', process, keyed: true }, this.#input),
    )
  }
}
