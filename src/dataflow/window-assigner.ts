import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import { inWords, JobError } from './job-error.ts'

/** The span of event time [start, end), ms. Flink: TimeWindow. */
export interface TimeWindow {
  readonly start: number
  readonly end: number
}

/**
 * Windows of one size, side by side. Flink: TumblingEventTimeWindows.
 * Start of the window of a timestamp: timestamp - (timestamp - offset) mod size, with the remainder in [0, size).
 */
export class TumblingEventTimeWindows {
  readonly sizeMs: number
  readonly offsetMs: number

  private constructor(sizeMs: number, offsetMs: number) {
    this.sizeMs = sizeMs
    this.offsetMs = offsetMs
  }

  /**
   * @param size at least 1 ms
   * @param offset shifts all windows; milliseconds or a duration, below the size in absolute value
   * @throws JobError if a value is out of range
   */
  static of(size: Duration, offset: Duration = 0): TumblingEventTimeWindows {
    const sizeMs = durationMs(size, 'the size of a tumbling window', 1)
    const offsetMs = durationMs(offset, 'the offset of a tumbling window', Number.NEGATIVE_INFINITY)
    if (Math.abs(offsetMs) >= sizeMs) {
      throw new JobError(
        `the offset of a tumbling window must be less than its size, but is ${inWords(offset)} of ${inWords(size)}`,
      )
    }
    return new TumblingEventTimeWindows(sizeMs, offsetMs)
  }

  /** Start of the window that a timestamp belongs to, ms. */
  startOf(timestampMs: number): number {
    const remainder = (timestampMs - this.offsetMs) % this.sizeMs
    const start = timestampMs - (remainder < 0 ? remainder + this.sizeMs : remainder)
    return start + 0 // -0 would be another key of the state than 0
  }

  /** The last timestamp of the window that starts there, ms: its end - 1. Flink: TimeWindow.maxTimestamp. */
  maxTimestamp(startMs: number): number {
    return startMs + this.sizeMs - 1
  }
}
