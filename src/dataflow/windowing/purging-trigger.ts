import { type OnMergeContext, type Trigger, type TriggerContext, TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'

/**
 * Whenever another trigger fires, the window also forgets its contents; the other trigger keeps its own state. Flink:
 * PurgingTrigger.
 */
export class PurgingTrigger<T, W extends Window> implements Trigger<T, W> {
  readonly #nested: Trigger<T, W>
  readonly onMerge?: (window: W, context: OnMergeContext) => void

  private constructor(nested: Trigger<T, W>) {
    this.#nested = nested
    if (nested.onMerge !== undefined) this.onMerge = (window, context) => nested.onMerge!(window, context)
  }
  static of<T, W extends Window>(nested: Trigger<T, W>): PurgingTrigger<T, W> {
    return new PurgingTrigger(nested)
  }
  onElement(element: T, timestampMs: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.#nested.onElement(element, timestampMs, window, context))
  }
  onEventTime(timestampMs: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.#nested.onEventTime(timestampMs, window, context))
  }
  onProcessingTime(timestampMs: number, window: W, context: TriggerContext): TriggerResult {
    return purging(this.#nested.onProcessingTime(timestampMs, window, context))
  }
  clear(window: W, context: TriggerContext): void {
    this.#nested.clear(window, context)
  }
}

const purging = (result: TriggerResult): TriggerResult =>
  result === TriggerResult.FIRE ? TriggerResult.FIRE_AND_PURGE : result
