/**
 * A stream, keyed or not, together with a broadcast one: every subtask gets every broadcast element, and keeps what it learns
 * from it in broadcast state. Flink: KeyedBroadcastProcessFunction, BroadcastProcessFunction.
 *
 * Only a broadcast element may write broadcast state, since every subtask sees those alike; an oracle checks that the state
 * is the same everywhere.
 */
import type { Key } from '../model/index.ts'
import type { Collector, ProcessContext, RuntimeContext } from './functions.ts'
import type { Operator, OperatorContext, Timer } from './operator.ts'
import { FunctionContext } from './process-operator.ts'
import type { BroadcastState, KeyedStateDescriptor, MapStateDescriptor } from './state.ts'
import { StateAccess } from './state-access.ts'

/** Broadcast state that can only be read. Flink: ReadOnlyBroadcastState. */
export type ReadOnlyBroadcastState<K extends Key, V> = Pick<
  BroadcastState<K, V>,
  'get' | 'contains' | 'entries' | 'isEmpty'
>
/** Flink: ReadOnlyContext. */
export interface ReadOnlyBroadcastContext<K = Key> extends ProcessContext<K> {
  getBroadcastState<MapKey extends Key, V>(descriptor: MapStateDescriptor<MapKey, V>): ReadOnlyBroadcastState<MapKey, V>
}
/** Flink: KeyedBroadcastProcessFunction.Context. There is no current key and no timer. */
export interface BroadcastContext<K = Key> extends Pick<ProcessContext, 'timestamp' | 'output'> {
  currentWatermark(): number
  currentProcessingTime(): number
  getBroadcastState<MapKey extends Key, V>(descriptor: MapStateDescriptor<MapKey, V>): BroadcastState<MapKey, V>
  /** Calls `body` once under each key of this subtask that has something under the descriptor, in the order of the keys. */
  applyToKeyedState(descriptor: KeyedStateDescriptor, body: (key: K) => void): void
}
export interface BroadcastProcessFunction<In = unknown, Broadcast = unknown, Out = unknown, K = Key> {
  open?(context: RuntimeContext): void
  processElement(value: In, context: ReadOnlyBroadcastContext<K>, out: Collector<Out>): void
  processBroadcastElement(value: Broadcast, context: BroadcastContext<K>, out: Collector<Out>): void
  onTimer?(timestampMs: number, context: ReadOnlyBroadcastContext<K>, out: Collector<Out>): void
  snapshotState?(): void
  endInput?(out: Collector<Out>): void
}

class BroadcastFunctionContext extends FunctionContext implements ReadOnlyBroadcastContext, BroadcastContext {
  readonly #context: OperatorContext
  constructor(context: OperatorContext) {
    super(context)
    this.#context = context
  }
  getBroadcastState<K extends Key, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    return this.#context.getBroadcastState(descriptor)
  }
  applyToKeyedState(descriptor: KeyedStateDescriptor, body: (key: Key) => void): void {
    this.#context.forEachKey(descriptor.name, body)
  }
}
const readOnly = (): never => {
  throw new TypeError('broadcast state can be written in processBroadcastElement only, since every subtask sees that')
}
/** What `processElement` and `onTimer` get: writes are refused. */
class ReadingContext extends BroadcastFunctionContext {
  override getBroadcastState<K extends Key, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    return { ...super.getBroadcastState(descriptor), put: readOnly, remove: readOnly, clear: readOnly }
  }
}

/** Input 0 is the stream, input 1 the broadcast one. Flink: CoBroadcastWithKeyedOperator. */
export class BroadcastProcessOperator implements Operator {
  readonly #function: BroadcastProcessFunction
  #reading!: ReadingContext
  #broadcast!: BroadcastFunctionContext

  constructor(broadcastFunction: BroadcastProcessFunction) {
    this.#function = broadcastFunction
  }
  open(context: OperatorContext): unknown {
    this.#reading = new ReadingContext(context)
    this.#broadcast = new BroadcastFunctionContext(context)
    return this.#function.open?.(new StateAccess(context))
  }
  processElement(value: unknown, input: number): unknown {
    if (input === 0) {
      this.#reading.atElement()
      return this.#function.processElement(value, this.#reading, this.#reading)
    }
    this.#broadcast.atElement()
    return this.#function.processBroadcastElement(value, this.#broadcast, this.#broadcast)
  }
  onTimer(timer: Timer): unknown {
    this.#reading.atTimer(timer)
    const result = this.#function.onTimer?.(timer.timestampMs, this.#reading, this.#reading)
    this.#reading.afterTimer()
    return result
  }
  snapshotState(): unknown {
    return this.#function.snapshotState?.()
  }
  endInput(): unknown {
    this.#reading.atEnd()
    return this.#function.endInput?.(this.#reading)
  }
}
