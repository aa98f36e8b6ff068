import type { Key } from '../model/index.ts'
import type { CoProcessFunction } from './co-process-function.ts'
import { CoProcessOperator } from './co-process-function.ts'
import type { DataStream } from './data-stream.ts'
import { inWords, JobError } from './job-error.ts'
import type { KeyTypeOf, StreamAfter } from './keyed-stream.ts'
import { requireFactory } from './operator-settings.ts'
import type { Topology } from './topology.ts'
import type { Input } from './transformation.ts'

/** Two streams into one operator. Flink: ConnectedStreams. K is never as long as they have no keys. Made by `connect`. */
export class ConnectedStreams<First, Second, K extends Key = never> {
  readonly #topology: Topology
  readonly #first: readonly Input[]
  readonly #second: readonly Input[]
  readonly #streamAfter: StreamAfter

  /** @internal */
  constructor(topology: Topology, first: readonly Input[], second: readonly Input[], streamAfter: StreamAfter) {
    this.#topology = topology
    this.#first = first
    this.#second = second
    this.#streamAfter = streamAfter
  }

  /** Both streams by keys of one type: elements with equal keys share state and timers. */
  keyBy<Shared extends Key>(
    firstKey: (value: First) => Shared,
    secondKey: (value: Second) => Shared,
    keyType?: KeyTypeOf<Shared>,
  ): ConnectedStreams<First, Second, Shared> {
    for (const keyOf of [firstKey, secondKey])
      if (typeof keyOf !== 'function')
        throw new JobError(`keyBy of connected streams takes two functions, but got ${inWords(keyOf)}`)
    if ([...this.#first, ...this.#second].some(({ partitioner }) => partitioner !== undefined))
      throw new JobError('keyBy of connected streams would undo a partitioner before connect: take one of them out')
    const keyed = (inputs: readonly Input[], keyOf: (value: never) => Key): readonly Input[] =>
      this.#topology.expectReader(
        inputs.map((input) => ({
          ...input,
          partitioner: 'key' as const,
          keyOf,
          ...(keyType === undefined ? {} : { keyType }),
        })),
        'keyBy',
      )
    return new ConnectedStreams<First, Second, Shared>(
      this.#topology,
      keyed(this.#first, firstKey),
      keyed(this.#second, secondKey),
      this.#streamAfter,
    )
  }

  /** One value for each value of either stream. Flink: CoMapFunction. Both functions must be pure. */
  map<Out>(first: (value: First) => Out, second: (value: Second) => Out): DataStream<Out> {
    for (const map of [first, second])
      if (typeof map !== 'function')
        throw new JobError(`map of connected streams takes two functions, but got ${inWords(map)}`)
    return this.#process<Out>(
      'coMap',
      (): CoProcessFunction<First, Second, Out> => ({
        processElement1: (value, _context, out) => out.collect(first(value)),
        processElement2: (value, _context, out) => out.collect(second(value)),
      }),
    )
  }

  /** Any number of values for each value of either stream. Flink: CoFlatMapFunction. Both functions must be pure. */
  flatMap<Out>(first: (value: First) => Iterable<Out>, second: (value: Second) => Iterable<Out>): DataStream<Out> {
    for (const flatMap of [first, second])
      if (typeof flatMap !== 'function')
        throw new JobError(`flatMap of connected streams takes two functions, but got ${inWords(flatMap)}`)
    return this.#process(
      'coFlatMap',
      (): CoProcessFunction<First, Second, Out> => ({
        processElement1(value, _context, out) {
          for (const result of first(value)) out.collect(result)
        },
        processElement2(value, _context, out) {
          for (const result of second(value)) out.collect(result)
        },
      }),
    )
  }

  /** @param factory makes the function; called anew for every attempt */
  process<Out>(factory: () => CoProcessFunction<First, Second, Out, K>): DataStream<Out> {
    requireFactory('process', factory)
    return this.#process<Out>('coProcess', factory)
  }

  #process<Out>(label: string, factory: () => CoProcessFunction<First, Second, Out, K>): DataStream<Out> {
    const made = factory as unknown as () => CoProcessFunction
    return this.#streamAfter<Out>(
      label,
      {
        kind: 'operator',
        operator: () => new CoProcessOperator(made()),
        user: { factory, methods: ['processElement1', 'processElement2'] },
      },
      [this.#first, this.#second],
    )
  }
}
