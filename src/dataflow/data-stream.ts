import type { Key, Partitioner } from '../model/index.ts'
import { ALL, AllWindowedStream } from './all-windowed-stream.ts'
import { BroadcastConnectedStream, BroadcastStream } from './broadcast-stream.ts'
import type { StepMaker } from './chained-step.ts'
import { filterStep, flatMapStep, mapStep } from './chained-step.ts'
import { CoGroupedStreams } from './co-grouped-streams.ts'
import { ConnectedStreams } from './connected-streams.ts'
import { DataStreamSink } from './data-stream-sink.ts'
import type { ProcessFunction } from './functions.ts'
import { inWords, JobError } from './job-error.ts'
import type { SinkSpec } from './job-graph.ts'
import { JoinedStreams } from './joined-streams.ts'
import type { KeyTypeOf, StreamAfter } from './keyed-stream.ts'
import { KeyedStream } from './keyed-stream.ts'
import { nameOperator, requireFactory, requireStrategy, setOperatorParallelism } from './operator-settings.ts'
import { OutputTag } from './output-tag.ts'
import { type Sink, sinkSpec } from './own-sink.ts'
import { processBody } from './process-operator.ts'
import { TimestampsOperator } from './timestamps-operator.ts'
import type { Topology } from './topology.ts'
import type { Body, Input, Transformation } from './transformation.ts'
import type { WatermarkStrategy } from './watermark-strategy.ts'
import { inCounts, requireAssigner, WindowedStream } from './windowed-stream.ts'
import { type GlobalWindow, GlobalWindows, type Window, type WindowAssigner } from './windowing/index.ts'

/**
 * A stream of values of type T. Flink: DataStream. Every method that adds an operator returns the stream behind it; `uid`,
 * `name` and `setParallelism` are about the operator that was added last. Made by `env.fromSource`.
 */
export class DataStream<out T> {
  readonly #topology: Topology
  /** @internal Where its records come from; several after a union. */
  readonly inputs: readonly Input[]

  /** @internal */
  constructor(topology: Topology, inputs: readonly Input[]) {
    this.#topology = topology
    this.inputs = inputs
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
    const inputs = this.inputs.map((input) => ({
      ...input,
      partitioner: 'key' as const,
      keyOf,
      ...(keyType === undefined ? {} : { keyType }),
    }))
    return new KeyedStream(this.#topology, this.#topology.expectReader(inputs, 'keyBy'), streamAfter(this.#topology))
  }

  /**
   * A function with operator state, without keys.
   * @param factory makes the function; called anew for every attempt
   */
  process<Out>(factory: () => ProcessFunction<T, Out>): DataStream<Out> {
    requireFactory('process', factory)
    return streamAfter(this.#topology)('process', processBody(factory), [this.inputs])
  }

  /** Event time from here on: what came from above is dropped, but for the end. Flink: assignTimestampsAndWatermarks. */
  assignTimestampsAndWatermarks(strategy: WatermarkStrategy<T>): DataStream<T> {
    requireStrategy(strategy, 'assignTimestampsAndWatermarks')
    if (strategy.idleAfterMs !== undefined)
      throw new JobError(
        'withIdleness belongs to a source here: give fromSource the strategy, or a generator that calls markIdle',
      )
    const body: Body = { kind: 'operator', operator: () => new TimestampsOperator(strategy) }
    return streamAfter(this.#topology)('timestamps', body, [this.inputs])
  }

  /** Windows of the whole stream, in one subtask; what they do with their elements comes next. */
  windowAll<W extends Window>(assigner: WindowAssigner<T, W>): AllWindowedStream<T, W> {
    requireAssigner('windowAll', assigner)
    return new AllWindowedStream(this.#windowedAll('windowAll', assigner))
  }

  /**
   * Windows of a number of elements, in one subtask. Flink: DataStream.countWindowAll.
   * @param size elements of a window, at least 1; what is left at the end comes in none
   * @param slide elements from one window to the next, at least 1; the size if left out
   */
  countWindowAll(size: number, slide?: number): AllWindowedStream<T, GlobalWindow> {
    const windowed = this.#windowedAll('countWindowAll', GlobalWindows.create())
    return new AllWindowedStream(inCounts(windowed, size, slide))
  }

  /** Every pair of this stream and another that have a key and a window in common; `where` comes next. */
  join<Other>(other: DataStream<Other>): JoinedStreams<T, Other> {
    return new JoinedStreams(this.#meeting(other, 'join'))
  }

  /** What this stream and another have of a key and a window, together; `where` comes next. */
  coGroup<Other>(other: DataStream<Other>): CoGroupedStreams<T, Other> {
    return this.#meeting(other, 'coGroup')
  }

  /** This stream and another as the two inputs of one operator. */
  connect<Other>(other: DataStream<Other>): ConnectedStreams<T, Other>
  /** The same with a broadcast stream. */
  connect<Other>(other: BroadcastStream<Other>): BroadcastConnectedStream<T, Other>
  connect<Other>(
    other: DataStream<Other> | BroadcastStream<Other>,
  ): ConnectedStreams<T, Other> | BroadcastConnectedStream<T, Other> {
    const after = streamAfter(this.#topology)
    if (other instanceof BroadcastStream)
      return new BroadcastConnectedStream<T, Other>(this.inputs, other.inputs, after)
    if (!(other instanceof DataStream)) throw new JobError(`connect takes a stream, but got ${inWords(other)}`)
    return new ConnectedStreams<T, Other>(this.#topology, this.inputs, other.inputs, after)
  }

  /** This stream for `connect`: every record goes to every subtask. Flink: broadcast(descriptor). */
  asBroadcast(): BroadcastStream<T> {
    return new BroadcastStream(this.broadcast().inputs)
  }

  /** The records of both streams, as they come; the watermark is the least of theirs. */
  union(...others: readonly DataStream<T>[]): DataStream<T> {
    for (const other of others)
      if (!(other instanceof DataStream)) throw new JobError(`union takes streams, but got ${inWords(other)}`)
    return new DataStream(this.#topology, [...this.inputs, ...others.flatMap((other) => other.inputs)])
  }

  /**
   * Begins a loop: what follows reads this stream and whatever `closeWith` sends round. The loop is over, and its input ends,
   * once this stream has ended and nothing goes round any more; Flink waits for a span of time instead. There is no event time
   * in a loop: watermarks do not go round. Flink: DataStream.iterate, up to 1.20.
   */
  iterate(): IterativeStream<T> {
    return new IterativeStream<T>(this.#topology, this.#topology.add('iteration', { kind: 'iteration' }, [this.inputs]))
  }

  /** What the operator that was added last emits to a side output. */
  getSideOutput<Side>(tag: OutputTag<Side>): DataStream<Side> {
    if (!(tag instanceof OutputTag)) throw new JobError(`getSideOutput takes an OutputTag, but got ${inWords(tag)}`)
    const from = this.#operator('getSideOutput')
    if (from.body.kind !== 'operator')
      throw new JobError(`getSideOutput is about the operator before it, and a ${from.label} has no side outputs`)
    return new DataStream(this.#topology, [{ from, tag: tag.id }])
  }

  /** Deals the records out to the subtasks of the next operator in turn. */
  rebalance(): DataStream<T> {
    return this.#partitioned('rebalance')
  }

  /** Subtask i sends to subtask i of the next operator. The default where both have the same parallelism. */
  forward(): DataStream<T> {
    return this.#partitioned('forward')
  }

  /** Every record goes to every subtask of the next operator. */
  broadcast(): DataStream<T> {
    return this.#partitioned('broadcast')
  }

  /** Every record goes to the first subtask of the next operator. */
  global(): DataStream<T> {
    return this.#partitioned('global')
  }

  /**
   * Ends the stream in a sink: one that comes with Cutline, one that `ownSink` has made, or a sink of the user's own that needs
   * no ports. The same object serves all attempts then, so it must keep nothing.
   */
  sinkTo(sink: SinkSpec<T> | Sink<T>): DataStreamSink {
    const spec = sinkSpec(sink)
    return new DataStreamSink(this.#topology.add(spec.log, { kind: 'sink', sink: spec }, [this.inputs]))
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

  /** The operator that was added last. */
  #operator(method: string): Transformation {
    const [input] = this.inputs
    if (this.inputs.length > 1) throw new JobError(`${method} after union is about no operator: call it before`)
    if (input!.tag !== undefined)
      throw new JobError(`${method} after getSideOutput is about no operator: call it before`)
    if (input!.partitioner === undefined) return input!.from
    throw new JobError(
      `${method} after ${input!.partitioner}() is about no operator: call it right behind the operator`,
    )
  }

  #windowedAll<W extends Window>(label: string, assigner: WindowAssigner<T, W>): WindowedStream<T, typeof ALL, W> {
    this.#refuseSecondPartitioner(label)
    const inputs = this.inputs.map((input) => ({ ...input, partitioner: 'key' as const, keyOf: () => ALL }))
    this.#topology.expectReader(inputs, label)
    return new WindowedStream<T, typeof ALL, W>(assigner, false, <Out>(body: Body) =>
      streamAfter(this.#topology)<Out>(label, body, [inputs]).setParallelism(1),
    )
  }
  #meeting<Other>(other: DataStream<Other>, method: string): CoGroupedStreams<T, Other> {
    if (!(other instanceof DataStream)) throw new JobError(`${method} takes a stream, but got ${inWords(other)}`)
    const topology = this.#topology
    // those behind a partitioner are expected to be read already
    const expected = (inputs: readonly Input[]): readonly Input[] =>
      topology.expectReader(
        inputs.map((input) => (input.partitioner === undefined ? { ...input } : input)),
        method,
      )
    const [first, second] = [expected(this.inputs), expected(other.inputs)]
    return new CoGroupedStreams({ topology, streamAfter: streamAfter(topology), first, second })
  }
  #step<Out>(label: string, make: StepMaker): DataStream<Out> {
    return streamAfter(this.#topology)(label, { kind: 'step', make }, [this.inputs])
  }

  #partitioned(partitioner: Exclude<Partitioner, 'key'>): DataStream<T> {
    this.#refuseSecondPartitioner(partitioner)
    const inputs = this.inputs.map((input) => ({ ...input, partitioner }))
    return new DataStream(this.#topology, this.#topology.expectReader(inputs, partitioner))
  }

  #refuseSecondPartitioner(method: string): void {
    const set = this.inputs.find((input) => input.partitioner !== undefined)?.partitioner
    if (set === undefined) return
    throw new JobError(`${method} right after ${set}() would undo it: take one of them out`)
  }
}

/**
 * A stream that begins a loop. Made by `iterate`. Flink: IterativeStream. (Here, since a class must stand behind the one that it
 * extends.)
 */
export class IterativeStream<T> extends DataStream<T> {
  readonly #loop: Topology
  readonly #head: Transformation

  /** @internal */
  constructor(topology: Topology, head: Transformation) {
    super(topology, [{ from: head }])
    this.#loop = topology
    this.#head = head
  }

  /**
   * Closes the loop: the records of `feedback` come back to its head. It takes them without a limit, so that a loop is never
   * stuck behind itself. Called again, it adds a second way round.
   * @param feedback a stream that comes from this one
   * @returns `feedback`
   * @throws JobError if it does not come from this stream
   */
  closeWith(feedback: DataStream<T>): DataStream<T> {
    if (!(feedback instanceof DataStream)) throw new JobError(`closeWith takes a stream, but got ${inWords(feedback)}`)
    this.#loop.closeLoop(this.#head, feedback.inputs)
    return feedback
  }
}

/** Adds an operator and returns the stream behind it. */
const streamAfter =
  (topology: Topology): StreamAfter =>
  <Out>(label: string, body: Body, inputs: readonly (readonly Input[])[]) =>
    new DataStream<Out>(topology, [{ from: topology.add(label, body, inputs) }])
