import { integerIn } from '../job-error.ts'
import { reducingState } from '../state.ts'
import { type OnMergeContext, type Trigger, type TriggerContext, TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'

const COUNT = reducingState<number>('count', (a, b) => a + b)

/**
 * Fires with every n-th element of a window, and counts anew after that. When windows merge their counts add up; that alone
 * fires nothing. Flink: CountTrigger.
 */
export class CountTrigger implements Trigger<unknown, Window> {
  readonly #maxCount: number

  private constructor(maxCount: number) {
    this.#maxCount = maxCount
  }
  /** @param maxCount elements of a firing, at least 1 @throws JobError if it is out of range */
  static of(maxCount: number): CountTrigger {
    return new CountTrigger(integerIn(maxCount, 'the count of a CountTrigger', 1))
  }
  onElement(_element: unknown, _timestampMs: number, _window: Window, context: TriggerContext): TriggerResult {
    const count = context.getPartitionedState(COUNT)
    count.add(1)
    if (count.get()! < this.#maxCount) return TriggerResult.CONTINUE
    count.clear()
    return TriggerResult.FIRE
  }
  onEventTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(COUNT)
  }
  clear(_window: Window, context: TriggerContext): void {
    context.getPartitionedState(COUNT).clear()
  }
}
