import { inWords, JobError } from '../job-error.ts'
import { valueState } from '../state.ts'
import type { DeltaFunction } from './delta-function.ts'
import { type Trigger, type TriggerContext, TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'

/**
 * Fires when an element is further than the threshold from the one that fired last. The first element is what the next are
 * compared with, and fires nothing. It cannot be used with windows that merge. Flink: DeltaTrigger.
 */
export class DeltaTrigger<T> implements Trigger<T, Window> {
  readonly #threshold: number
  readonly #delta: DeltaFunction<T>
  readonly #reference = valueState<T>('last-element')

  private constructor(threshold: number, delta: DeltaFunction<T>) {
    this.#threshold = threshold
    this.#delta = delta
  }
  /** @param threshold a distance of more than this fires */
  static of<T>(threshold: number, delta: DeltaFunction<T>): DeltaTrigger<T> {
    if (typeof delta !== 'function')
      throw new JobError(`DeltaTrigger.of takes a function of two elements, but got ${inWords(delta)}`)
    return new DeltaTrigger(threshold, delta)
  }
  onElement(element: T, _timestampMs: number, _window: Window, context: TriggerContext): TriggerResult {
    const reference = context.getPartitionedState(this.#reference)
    const held = reference.value()
    if (held !== undefined && this.#delta(held, element) <= this.#threshold) return TriggerResult.CONTINUE
    reference.update(element)
    return held === undefined ? TriggerResult.CONTINUE : TriggerResult.FIRE
  }
  onEventTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  clear(_window: Window, context: TriggerContext): void {
    context.getPartitionedState(this.#reference).clear()
  }
}
