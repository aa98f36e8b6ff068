import { type OnMergeContext, type Trigger, type TriggerContext, TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'

/** Fires when the clock of the task reaches the end of the window. Flink: ProcessingTimeTrigger. */
export class ProcessingTimeTrigger implements Trigger<unknown, Window> {
  static create(): ProcessingTimeTrigger {
    return new ProcessingTimeTrigger()
  }
  onElement(_element: unknown, _timestampMs: number, window: Window, context: TriggerContext): TriggerResult {
    context.registerProcessingTimeTimer(window.maxTimestamp())
    return TriggerResult.CONTINUE
  }
  onEventTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onProcessingTime(): TriggerResult {
    return TriggerResult.FIRE
  }
  onMerge(window: Window, context: OnMergeContext): void {
    const endMs = window.maxTimestamp()
    if (endMs > context.getCurrentProcessingTime()) context.registerProcessingTimeTimer(endMs)
  }
  clear(window: Window, context: TriggerContext): void {
    context.deleteProcessingTimeTimer(window.maxTimestamp())
  }
}
