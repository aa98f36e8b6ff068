/** Windows of one size, one of which starts with every slide: an element is in size / slide windows, or in none between two. */
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

interface Slides {
  readonly sizeMs: number
  readonly slideMs: number
  readonly offsetMs: number
}

/** Flink: SlidingEventTimeWindows. The windows of an element take it from the latest to the earliest. */
export class SlidingEventTimeWindows implements WindowAssigner<unknown, TimeWindow> {
  readonly #slides: Slides
  readonly codec: WindowCodec<TimeWindow>

  private constructor(slides: Slides) {
    this.#slides = slides
    this.codec = fixedSizeCodec(slides.sizeMs)
  }
  /**
   * @param size at least 1 ms
   * @param slide time from the start of a window to the next one's, at least 1 ms; above the size there are gaps
   * @param offset shifts all windows; milliseconds or a duration, below the slide in absolute value
   * @throws JobError if a value is out of range
   */
  static of(size: Duration, slide: Duration, offset: Duration = 0): SlidingEventTimeWindows {
    return new SlidingEventTimeWindows(slidesOf(size, slide, offset))
  }
  assignWindows(_element: unknown, timestampMs: number): readonly TimeWindow[] {
    return windowsAround(timestampMs, this.#slides)
  }
  getDefaultTrigger(): Trigger<unknown, Window> {
    return EventTimeTrigger.create()
  }
  isEventTime(): boolean {
    return true
  }
}

/** Flink: SlidingProcessingTimeWindows. The moment at which an element comes decides. */
export class SlidingProcessingTimeWindows implements WindowAssigner<unknown, TimeWindow> {
  readonly #slides: Slides
  readonly codec: WindowCodec<TimeWindow>

  private constructor(slides: Slides) {
    this.#slides = slides
    this.codec = fixedSizeCodec(slides.sizeMs)
  }
  /**
   * @param size at least 1 ms
   * @param slide time from the start of a window to the next one's, at least 1 ms; above the size there are gaps
   * @param offset shifts all windows; milliseconds or a duration, below the slide in absolute value
   * @throws JobError if a value is out of range
   */
  static of(size: Duration, slide: Duration, offset: Duration = 0): SlidingProcessingTimeWindows {
    return new SlidingProcessingTimeWindows(slidesOf(size, slide, offset))
  }
  assignWindows(_element: unknown, _timestampMs: number, context: WindowAssignerContext): readonly TimeWindow[] {
    return windowsAround(context.getCurrentProcessingTime(), this.#slides)
  }
  getDefaultTrigger(): Trigger<unknown, Window> {
    return ProcessingTimeTrigger.create()
  }
  isEventTime(): boolean {
    return false
  }
}

function slidesOf(size: Duration, slide: Duration, offset: Duration): Slides {
  const sizeMs = durationMs(size, 'the size of a sliding window', 1)
  const slideMs = durationMs(slide, 'the slide of a sliding window', 1)
  const offsetMs = offsetWithin(offset, slideMs, 'a sliding window', `its slide of ${inWords(slide)}`)
  return { sizeMs, slideMs, offsetMs }
}

function windowsAround(timestampMs: number, { sizeMs, slideMs, offsetMs }: Slides): readonly TimeWindow[] {
  const windows: TimeWindow[] = []
  for (let start = windowStart(timestampMs, offsetMs, slideMs); start > timestampMs - sizeMs; start -= slideMs)
    windows.push(new TimeWindow(start, start + sizeMs))
  return windows
}
