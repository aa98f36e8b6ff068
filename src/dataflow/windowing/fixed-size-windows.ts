/** What tumbling and sliding windows share. */
import type { Duration } from '../duration.ts'
import { durationMs } from '../duration.ts'
import { inWords, JobError } from '../job-error.ts'
import { TimeWindow } from './time-window.ts'
import type { WindowCodec } from './window.ts'

/**
 * Windows of one length are told apart by their start. A timer at the last timestamp of a window, which nearly all are, needs
 * no namespace: the time says which window it is.
 */
export const fixedSizeCodec = (sizeMs: number): WindowCodec<TimeWindow> => ({
  stateKey: ({ start }) => start,
  namespace: ({ start, end }, timestampMs) => (timestampMs === end - 1 ? '' : String(start)),
  windowOf(namespace, timestampMs) {
    const start = namespace === '' ? timestampMs + 1 - sizeMs : Number(namespace)
    return new TimeWindow(start, start + sizeMs)
  },
})

/**
 * Start of the last window that holds a timestamp, if one starts every `slideMs`, ms: timestamp - (timestamp - offset) mod
 * slide, with the remainder in [0, slide). Flink: TimeWindow.getWindowStartWithOffset.
 */
export function windowStart(timestampMs: number, offsetMs: number, slideMs: number): number {
  const remainder = (timestampMs - offsetMs) % slideMs
  const start = timestampMs - (remainder < 0 ? remainder + slideMs : remainder)
  return start + 0 // -0 would be another key of the state than 0
}

/** An offset in ms. @throws JobError unless it is below `limitMs` in absolute value */
export function offsetWithin(offset: Duration, limitMs: number, what: string, limit: string): number {
  const offsetMs = durationMs(offset, `the offset of ${what}`, Number.NEGATIVE_INFINITY)
  if (Math.abs(offsetMs) < limitMs) return offsetMs
  throw new JobError(`the offset of ${what} must be less than ${limit}, but is ${inWords(offset)}`)
}
