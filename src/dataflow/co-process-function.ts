import type { Key } from '../model/index.ts'
import type { Collector, ProcessContext, RuntimeContext } from './functions.ts'
import type { Operator, OperatorContext, Timer } from './operator.ts'
import { FunctionContext } from './process-operator.ts'
import { StateAccess } from './state-access.ts'

/** A function of two streams, keyed or not; its state and timers are shared. Flink: CoProcessFunction, KeyedCoProcessFunction. */
export interface CoProcessFunction<First = unknown, Second = unknown, Out = unknown, K = Key> {
  open?(context: RuntimeContext): void
  processElement1(value: First, context: ProcessContext<K>, out: Collector<Out>): void
  processElement2(value: Second, context: ProcessContext<K>, out: Collector<Out>): void
  onTimer?(timestampMs: number, context: ProcessContext<K>, out: Collector<Out>): void
  /** Called at the sync point of every checkpoint, before operator state is copied. */
  snapshotState?(): void
  /** Called once when both inputs have ended. */
  endInput?(out: Collector<Out>): void
}

/** Flink: CoProcessOperator, KeyedCoProcessOperator. */
export class CoProcessOperator implements Operator {
  readonly #function: CoProcessFunction
  #context!: FunctionContext

  constructor(coProcessFunction: CoProcessFunction) {
    this.#function = coProcessFunction
  }
  open(context: OperatorContext): unknown {
    this.#context = new FunctionContext(context)
    return this.#function.open?.(new StateAccess(context))
  }
  processElement(value: unknown, input: number): unknown {
    this.#context.atElement()
    if (input === 0) return this.#function.processElement1(value, this.#context, this.#context)
    return this.#function.processElement2(value, this.#context, this.#context)
  }
  onTimer(timer: Timer): unknown {
    this.#context.atTimer(timer)
    const result = this.#function.onTimer?.(timer.timestampMs, this.#context, this.#context)
    this.#context.afterTimer()
    return result
  }
  snapshotState(): unknown {
    return this.#function.snapshotState?.()
  }
  endInput(): unknown {
    this.#context.atEnd()
    return this.#function.endInput?.(this.#context)
  }
}
