import type { Key } from '../model/index.ts'
import type { DataStream } from './data-stream.ts'
import type { ProcessFunction } from './functions.ts'
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

  /** Windows per key; what they do with their elements comes next. */
  window(assigner: TumblingEventTimeWindows): WindowedStream<T, K> {
    if (!(assigner instanceof TumblingEventTimeWindows)) {
      throw new JobError(`window takes TumblingEventTimeWindows.of(size), but got ${inWords(assigner)}`)
    }
    this.#topology.expectReader(this.inputs, 'window')
    return new WindowedStream(assigner, (process) => this.#streamAfter('window', processBody(process), [this.inputs]))
  }
}
