import type { OperatorContext } from '../operator.ts'
import type { KeyedStateDescriptor } from '../state.ts'
import type { OnMergeContext } from './trigger.ts'
import type { Window, WindowCodec } from './window.ts'
import { WindowState } from './window-state.ts'

/** What a trigger sees of its operator: one object, whose window changes from call to call. */
export class WindowTriggerContext implements OnMergeContext {
  readonly #context: OperatorContext
  readonly #codec: WindowCodec<Window>
  readonly #state: WindowState
  #window!: Window
  #merged: readonly Window[] = []

  constructor(context: OperatorContext, codec: WindowCodec<Window>) {
    this.#context = context
    this.#codec = codec
    this.#state = new WindowState(context, 'trigger:')
  }
  /** @param merged the windows that have just become this one */
  at(window: Window, merged: readonly Window[] = []): void {
    this.#window = window
    this.#merged = merged
  }
  getCurrentWatermark(): number {
    return this.#context.currentWatermark()
  }
  getCurrentProcessingTime(): number {
    return this.#context.currentProcessingTime()
  }
  registerEventTimeTimer(timestampMs: number): void {
    this.#context.registerTimer('event', timestampMs, this.#codec.namespace(this.#window, timestampMs))
  }
  registerProcessingTimeTimer(timestampMs: number): void {
    this.#context.registerTimer('processing', timestampMs, this.#codec.namespace(this.#window, timestampMs))
  }
  deleteEventTimeTimer(timestampMs: number): void {
    this.#context.deleteTimer('event', timestampMs, this.#codec.namespace(this.#window, timestampMs))
  }
  deleteProcessingTimeTimer(timestampMs: number): void {
    this.#context.deleteTimer('processing', timestampMs, this.#codec.namespace(this.#window, timestampMs))
  }
  // the overloads of the interface say which state a descriptor gives
  getPartitionedState(descriptor: never): never {
    return this.#state.get(descriptor as KeyedStateDescriptor, this.#codec.stateKey(this.#window)) as never
  }
  mergePartitionedState(descriptor: never): void {
    const from = this.#merged.map((window) => this.#codec.stateKey(window))
    this.#state.merge(descriptor as KeyedStateDescriptor, from, this.#codec.stateKey(this.#window))
  }
}
