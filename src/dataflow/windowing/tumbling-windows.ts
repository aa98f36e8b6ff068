/** Windows of one size, side by side. */
import type { Duration } from '../duration.ts'
import { durationMs } from '../duration.ts'
import { inWords } from '../job-error.ts'
import { EventTimeTrigger } from './event-time-trigger.ts'
import { fixedSizeCodec, offsetWithin, windowStart } from './fixed-size-windows.ts'
import { ProcessingTimeTrigger } from './processing-time-trigger.ts'
import { TimeWindow } from './time-window.ts'
import type { Trigger } from './trigger.ts'
import type { Window, WindowCodec } from './window.ts'
import type { WindowAssigner, WindowAssignerContext } from './window-assigner.ts'

/** Flink: TumblingEventTimeWindows. An element is in the window that its timestamp lies in. */
export class TumblingEventTimeWindows implements WindowAssigner<unknown, TimeWindow> {
  readonly sizeMs: number
  readonly offsetMs: number
  readonly codec: WindowCodec<TimeWindow>

  private constructor(sizeMs: number, offsetMs: number) {
    this.sizeMs = sizeMs
    this.offsetMs = offsetMs
    this.codec = fixedSizeCodec(sizeMs)
  }
  /**
   * @param size at least 1 ms
   * @param offset shifts all windows; milliseconds or a duration, below the size in absolute value
   * @throws JobError if a value is out of range
   */
  static of(size: Duration, offset: Duration = 0): TumblingEventTimeWindows {
    return new TumblingEventTimeWindows(...sizeAndOffset(size, offset))
  }
  /** Start of the window that a timestamp belongs to, ms. */
  startOf(timestampMs: number): number {
    return windowStart(timestampMs, this.offsetMs, this.sizeMs)
  }
  assignWindows(_element: unknown, timestampMs: number): readonly TimeWindow[] {
    const start = this.startOf(timestampMs)
    return [new TimeWindow(start, start + this.sizeMs)]
  }
  getDefaultTrigger(): Trigger<unknown, Window> {
    return EventTimeTrigger.create()
  }
  isEventTime(): boolean {
    return true
  }
}

/** Flink: TumblingProcessingTimeWindows. An element is in the window of the moment at which it comes. */
export class TumblingProcessingTimeWindows implements WindowAssigner<unknown, TimeWindow> {
  readonly sizeMs: number
  readonly offsetMs: number
  readonly codec: WindowCodec<TimeWindow>

  private constructor(sizeMs: number, offsetMs: number) {
    this.sizeMs = sizeMs
    this.offsetMs = offsetMs
    this.codec = fixedSizeCodec(sizeMs)
  }
  /**
   * @param size at least 1 ms
   * @param offset shifts all windows; milliseconds or a duration, below the size in absolute value
   * @throws JobError if a value is out of range
   */
  static of(size: Duration, offset: Duration = 0): TumblingProcessingTimeWindows {
    return new TumblingProcessingTimeWindows(...sizeAndOffset(size, offset))
  }
  assignWindows(_element: unknown, _timestampMs: number, context: WindowAssignerContext): readonly TimeWindow[] {
    const start = windowStart(context.getCurrentProcessingTime(), this.offsetMs, this.sizeMs)
    return [new TimeWindow(start, start + this.sizeMs)]
  }
  getDefaultTrigger(): Trigger<unknown, Window> {
    return ProcessingTimeTrigger.create()
  }
  isEventTime(): boolean {
    return false
  }
}

function sizeAndOffset(size: Duration, offset: Duration): [sizeMs: number, offsetMs: number] {
  const sizeMs = durationMs(size, 'the size of a tumbling window', 1)
  return [sizeMs, offsetWithin(offset, sizeMs, 'a tumbling window', `its size of ${inWords(size)}`)]
}
