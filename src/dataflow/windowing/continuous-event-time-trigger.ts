import type { Duration } from '../duration.ts'
import { durationMs } from '../duration.ts'
import { reducingState } from '../state.ts'
import { type OnMergeContext, type Trigger, type TriggerContext, TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'

/** When the window fires next, ms. */
const NEXT = reducingState<number>('fire-time', Math.min)

/**
 * Fires with every interval of event time as long as the window has a next fire time, and at its end. The first fire time is
 * a multiple of the interval after the element's timestamp; the remainder has the sign of the timestamp, as in Java, so before
 * 1970 it lies up to two intervals away. When windows merge the least of their fire times counts. Flink:
 * ContinuousEventTimeTrigger.
 *
 * A global window ends at the end of time. Flink 2.3.0 then fires without end, interval by interval, once the input has ended;
 * here it fires at its pending time and once more at the end (rule `continuous-global-end`).
 */
export class ContinuousEventTimeTrigger implements Trigger<unknown, Window> {
  readonly #intervalMs: number

  private constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }
  /** @param interval at least 1 ms @throws JobError if it is out of range */
  static of(interval: Duration): ContinuousEventTimeTrigger {
    return new ContinuousEventTimeTrigger(durationMs(interval, 'the interval of a ContinuousEventTimeTrigger', 1))
  }
  onElement(_element: unknown, timestampMs: number, window: Window, context: TriggerContext): TriggerResult {
    const endMs = window.maxTimestamp()
    if (endMs <= context.getCurrentWatermark()) return TriggerResult.FIRE
    context.registerEventTimeTimer(endMs)
    if (context.getPartitionedState(NEXT).get() === undefined)
      this.#registerNext(timestampMs - (timestampMs % this.#intervalMs), endMs, context)
    return TriggerResult.CONTINUE
  }
  onEventTime(timestampMs: number, window: Window, context: TriggerContext): TriggerResult {
    const endMs = window.maxTimestamp()
    if (timestampMs === endMs) return TriggerResult.FIRE
    const next = context.getPartitionedState(NEXT)
    if (next.get() !== timestampMs) return TriggerResult.CONTINUE
    next.clear()
    const ended = endMs === Number.POSITIVE_INFINITY && context.getCurrentWatermark() === endMs
    this.#registerNext(ended ? endMs : timestampMs, endMs, context)
    return TriggerResult.FIRE
  }
  onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(NEXT)
    const nextMs = context.getPartitionedState(NEXT).get()
    if (nextMs !== undefined) context.registerEventTimeTimer(nextMs)
  }
  clear(_window: Window, context: TriggerContext): void {
    const next = context.getPartitionedState(NEXT)
    const nextMs = next.get()
    if (nextMs === undefined) return
    context.deleteEventTimeTimer(nextMs)
    next.clear()
  }
  #registerNext(fromMs: number, endMs: number, context: TriggerContext): void {
    const nextMs = Math.min(fromMs + this.#intervalMs, endMs)
    context.getPartitionedState(NEXT).add(nextMs)
    context.registerEventTimeTimer(nextMs)
  }
}
