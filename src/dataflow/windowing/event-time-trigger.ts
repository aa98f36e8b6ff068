import { type OnMergeContext, type Trigger, type TriggerContext, TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'

/**
 * Fires when the watermark reaches the end of the window, and again at once for each element that comes after that within the
 * allowed lateness. Flink: EventTimeTrigger.
 */
export class EventTimeTrigger implements Trigger<unknown, Window> {
  static create(): EventTimeTrigger {
    return new EventTimeTrigger()
  }
  onElement(_element: unknown, _timestampMs: number, window: Window, context: TriggerContext): TriggerResult {
    const endMs = window.maxTimestamp()
    if (endMs <= context.getCurrentWatermark()) return TriggerResult.FIRE
    context.registerEventTimeTimer(endMs)
    return TriggerResult.CONTINUE
  }
  onEventTime(timestampMs: number, window: Window): TriggerResult {
    return timestampMs === window.maxTimestamp() ? TriggerResult.FIRE : TriggerResult.CONTINUE
  }
  onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  /** Not if the end is reached already: the element that has merged the windows fires then. */
  onMerge(window: Window, context: OnMergeContext): void {
    const endMs = window.maxTimestamp()
    if (endMs > context.getCurrentWatermark()) context.registerEventTimeTimer(endMs)
  }
  clear(window: Window, context: TriggerContext): void {
    context.deleteEventTimeTimer(window.maxTimestamp())
  }
}
