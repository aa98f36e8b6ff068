import type { Key } from '../model/index.ts'
import type { BroadcastProcessFunction } from './broadcast-process-function.ts'
import { BroadcastProcessOperator } from './broadcast-process-function.ts'
import type { DataStream } from './data-stream.ts'
import type { StreamAfter } from './keyed-stream.ts'
import { requireFactory } from './operator-settings.ts'
import type { Input } from './transformation.ts'

/** A stream whose records go to every subtask, to be connected with another. Made by `asBroadcast`. Flink: BroadcastStream. */
export class BroadcastStream<T> {
  /** @internal Where its records come from. */
  readonly inputs: readonly Input[]
  /** Only for the type checker: what T is. */
  declare readonly type?: T

  /** @internal */
  constructor(inputs: readonly Input[]) {
    this.inputs = inputs
  }
}

/** A stream, keyed or not, and a broadcast one. Flink: BroadcastConnectedStream. Made by `connect`. */
export class BroadcastConnectedStream<In, Broadcast, K extends Key = never> {
  readonly #inputs: readonly Input[]
  readonly #broadcast: readonly Input[]
  readonly #streamAfter: StreamAfter

  /** @internal */
  constructor(inputs: readonly Input[], broadcast: readonly Input[], streamAfter: StreamAfter) {
    this.#inputs = inputs
    this.#broadcast = broadcast
    this.#streamAfter = streamAfter
  }

  /** @param factory makes the function; called anew for every attempt */
  process<Out>(factory: () => BroadcastProcessFunction<In, Broadcast, Out, K>): DataStream<Out> {
    requireFactory('process', factory)
    const made = factory as unknown as () => BroadcastProcessFunction
    return this.#streamAfter(
      'broadcastProcess',
      {
        kind: 'operator',
        operator: () => new BroadcastProcessOperator(made()),
        user: { factory, methods: ['processElement', 'processBroadcastElement'] },
      },
      [this.#inputs, this.#broadcast],
    )
  }
}
