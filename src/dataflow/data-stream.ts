import type { Key } from '../model/index.ts'
import type { StepMaker } from './chained-step.ts'
import { filterStep, flatMapStep, mapStep } from './chained-step.ts'
import { DataStreamSink } from './data-stream-sink.ts'
import type { ProcessFunction } from './functions.ts'
import { inWords, JobError } from './job-error.ts'
import type { SinkSpec } from './job-graph.ts'
import type { KeyTypeOf } from './keyed-stream.ts'
import { KeyedStream } from './keyed-stream.ts'
import { nameOperator, requireFactory, setOperatorParallelism } from './operator-settings.ts'
import type { Topology } from './topology.ts'
import type { Input } from './transformation.ts'

/**
 * A stream of values of type T. Flink: DataStream. Every method that adds an operator returns the stream behind it; `uid`,
 * `name` and `setParallelism` are about the operator that was added last. Made by `env.fromSource`.
 */
export class DataStream<T> {
  readonly #topology: Topology
  readonly #input: Input

  /** @internal */
  constructor(topology: Topology, input: Input) {
    this.#topology = topology
    this.#input = input
  }

  /** One value for each value; `map` must be pure. */
  map<Out>(map: (value: T) => Out): DataStream<Out> {
    return this.#step('map', mapStep(map))
  }

  /** Any number of values for each value; `flatMap` must be pure. */
  flatMap<Out>(flatMap: (value: T) => Iterable<Out>): DataStream<Out> {
    return this.#step('flatMap', flatMapStep(flatMap))
  }

  /** The values that `keep` is true of; `keep` must be pure. */
  filter<Kept extends T>(keep: (value: T) => value is Kept): DataStream<Kept>
  filter(keep: (value: T) => boolean): DataStream<T>
  filter(keep: (value: T) => boolean): DataStream<T> {
    return this.#step('filter', filterStep(keep))
  }

  /**
   * The stream by keys: equal keys meet in the same subtask, and state and timers belong to a key.
   * @param keyOf must be pure
   * @param keyType the Java type of the keys, which decides their key groups; if left out, it is told from each key:
   * an integer of the int range is an int, another safe integer or a bigint a long, any other number a double
   */
  keyBy<K extends Key>(keyOf: (value: T) => K, keyType?: KeyTypeOf<K>): KeyedStream<T, K> {
    if (typeof keyOf !== 'function')
      throw new JobError(`keyBy takes a function from value to key, but got ${inWords(keyOf)}`)
    this.#refuseSecondPartitioner('keyBy')
    const input: Input = {
      from: this.#input.from,
      partitioner: 'key',
      keyOf,
      ...(keyType === undefined ? {} : { keyType }),
    }
    return new KeyedStream(this.#topology, this.#topology.expectReader(input, 'keyBy'), streamAfter(this.#topology))
  }

  /**
   * A function with operator state, without keys.
   * @param factory makes the function; called anew for every attempt
   */
  process<Out>(factory: () => ProcessFunction<T, Out>): DataStream<Out> {
    requireFactory('process', factory)
    return streamAfter(this.#topology)('process', { kind: 'process', process: factory, keyed: false }, this.#input)
  }

  /** Deals the records out to the subtasks of the next operator in turn. */
  rebalance(): DataStream<T> {
    return this.#partitioned('rebalance')
  }

  /** Subtask i sends to subtask i of the next operator. The default where both have the same parallelism. */
  forward(): DataStream<T> {
    return this.#partitioned('forward')
  }

  /** Ends the stream in a sink. */
  sinkTo(sink: SinkSpec): DataStreamSink {
    if (typeof sink?.log !== 'string') {
      throw new JobError(`sinkTo takes a sink such as transactionalLog('name'), but got ${inWords(sink)}`)
    }
    return new DataStreamSink(this.#topology.add(sink.log, { kind: 'sink', sink }, this.#input))
  }

  /** Names the operator for state, plans and reports; unique within the job. Flink: SingleOutputStreamOperator.uid. */
  uid(uid: string): this {
    nameOperator(this.#operator('uid'), 'uid', uid)
    return this
  }

  /** What the operator is called as long as it has no uid. */
  name(name: string): this {
    nameOperator(this.#operator('name'), 'name', name)
    return this
  }

  /** @param parallelism number of subtasks, at least 1 */
  setParallelism(parallelism: number): this {
    setOperatorParallelism(this.#operator('setParallelism'), parallelism)
    return this
  }

  #operator(method: string) {
    if (this.#input.partitioner === undefined) return this.#input.from
    throw new JobError(
      `${method} after ${this.#input.partitioner}() is about no operator: call it right behind the operator`,
    )
  }

  #step<Out>(label: string, make: StepMaker): DataStream<Out> {
    return streamAfter(this.#topology)(label, { kind: 'step', make }, this.#input)
  }

  #partitioned(partitioner: 'rebalance' | 'forward'): DataStream<T> {
    this.#refuseSecondPartitioner(partitioner)
    const input: Input = { from: this.#input.from, partitioner }
    return new DataStream(this.#topology, this.#topology.expectReader(input, partitioner))
  }

  #refuseSecondPartitioner(method: string): void {
    if (this.#input.partitioner === undefined) return
    throw new JobError(`${method} right after ${this.#input.partitioner}() would undo it: take one of them out`)
  }
}

/** Adds an operator and returns the stream behind it. */
const streamAfter =
  (topology: Topology) =>
  <Out>(...added: Parameters<Topology['add']>): DataStream<Out> =>
    new DataStream(topology, { from: topology.add(...added) })
