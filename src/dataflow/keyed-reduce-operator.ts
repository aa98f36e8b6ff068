import type { Operator, OperatorContext } from './operator.ts'
import { type ReducingState, reducingState } from './state.ts'

/**
 * Reduces the elements of each key and emits what there is after each, with its timestamp. The first one is emitted as it is.
 * Flink: StreamGroupedReduceOperator.
 */
export class KeyedReduceOperator implements Operator {
  readonly #reduce: (a: unknown, b: unknown) => unknown
  #context!: OperatorContext
  #state!: ReducingState<unknown>

  constructor(reduce: (a: unknown, b: unknown) => unknown) {
    this.#reduce = reduce
  }
  open(context: OperatorContext): void {
    this.#context = context
    this.#state = context.getReducingState(reducingState('reduced', this.#reduce))
  }
  processElement(value: unknown): void {
    this.#state.add(value)
    this.#context.emit(this.#state.get(), this.#context.timestampMs())
  }
}
