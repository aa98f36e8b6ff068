import { type OnMergeContext, type Trigger, type TriggerContext, TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'

/** Fires when the watermark reaches the end of time, that is when the input has ended. Flink: GlobalWindows.EndOfStreamTrigger. */
export class EndOfStreamTrigger implements Trigger<unknown, Window> {
  static create(): EndOfStreamTrigger {
    return new EndOfStreamTrigger()
  }
  onElement(_element: unknown, _timestampMs: number, window: Window, context: TriggerContext): TriggerResult {
    context.registerEventTimeTimer(window.maxTimestamp())
    return TriggerResult.CONTINUE
  }
  onEventTime(timestampMs: number, window: Window): TriggerResult {
    return timestampMs === window.maxTimestamp() ? TriggerResult.FIRE : TriggerResult.CONTINUE
  }
  onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onMerge(window: Window, context: OnMergeContext): void {
    context.registerEventTimeTimer(window.maxTimestamp())
  }
  clear(window: Window, context: TriggerContext): void {
    context.deleteEventTimeTimer(window.maxTimestamp())
  }
}
