import type { Collector } from '../functions.ts'
import { JobError } from '../job-error.ts'
import type { OperatorContext } from '../operator.ts'
import type { OutputTag } from '../output-tag.ts'
import { StateAccess } from '../state-access.ts'
import type { KeyedStateStore } from './keyed-state-store.ts'
import type { ProcessWindowContext } from './process-window-function.ts'
import type { Window, WindowCodec } from './window.ts'
import { WindowState } from './window-state.ts'

/** What a window function sees of its operator: one object, whose window changes from call to call. */
export class WindowFunctionContext implements ProcessWindowContext<Window>, Collector<unknown> {
  readonly #context: OperatorContext
  readonly #codec: WindowCodec<Window>
  /** None where windows merge. */
  readonly #state: WindowState | undefined
  readonly #global: KeyedStateStore
  #window!: Window

  constructor(context: OperatorContext, codec: WindowCodec<Window>, merging: boolean) {
    this.#context = context
    this.#codec = codec
    this.#global = new StateAccess(context)
    this.#state = merging ? undefined : new WindowState(context, 'window:')
  }
  at(window: Window): void {
    this.#window = window
  }
  window(): Window {
    return this.#window
  }
  currentWatermark(): number {
    return this.#context.currentWatermark()
  }
  currentProcessingTime(): number {
    return this.#context.currentProcessingTime()
  }
  windowState(): KeyedStateStore {
    if (this.#state !== undefined) return this.#state.of(this.#codec.stateKey(this.#window))
    throw new JobError(
      `window '${this.#context.uid}' merges its windows, and then there is no windowState: use globalState`,
    )
  }
  globalState(): KeyedStateStore {
    return this.#global
  }
  output<T>(tag: OutputTag<T>, value: T): void {
    this.#context.emit(value, this.#window.maxTimestamp(), tag.id)
  }
  collect(value: unknown): void {
    this.#context.emit(value, this.#window.maxTimestamp())
  }
}
