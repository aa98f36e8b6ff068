import type { TimeWindow } from './time-window.ts'
import type { Trigger } from './trigger.ts'
import type { Window, WindowCodec } from './window.ts'

/** Flink: WindowAssigner.WindowAssignerContext. */
export interface WindowAssignerContext {
  /** Wall clock of the task, ms (virtual). */
  getCurrentProcessingTime(): number
}

/** Puts elements into windows. It keeps nothing: one object serves all subtasks and attempts. Flink: WindowAssigner. */
export interface WindowAssigner<T, W extends Window> {
  /**
   * The windows of an element, in the order in which they take it.
   * @param timestampMs event timestamp; NaN: none, which only happens if `isEventTime` is false
   */
  assignWindows(element: T, timestampMs: number, context: WindowAssignerContext): readonly W[]
  /** The trigger of a windowed stream that names none. */
  getDefaultTrigger(): Trigger<NoInfer<T>, NoInfer<W>>
  /** Whether windows end in event time: then elements can be late, and the state of a window goes when the watermark comes. */
  isEventTime(): boolean
  readonly codec: WindowCodec<W>
  /** Windows of one key that overlap or touch become one. */
  readonly merging?: boolean
}

/** Flink: MergingWindowAssigner, for windows of time, which merge to the span that covers them. */
export interface MergingWindowAssigner<T> extends WindowAssigner<T, TimeWindow> {
  readonly merging: true
}
