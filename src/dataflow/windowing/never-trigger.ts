import { type Trigger, TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'

/** Fires never. Flink: GlobalWindows.NeverTrigger. */
export class NeverTrigger implements Trigger<unknown, Window> {
  static create(): NeverTrigger {
    return new NeverTrigger()
  }
  onElement(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onEventTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onMerge(): void {}
  clear(): void {}
}
