/**
 * Windows that last as long as no gap comes up between the elements of a key. Every element begins a window of its own, up to
 * its timestamp + gap; windows of one key that overlap or touch become one.
 */
import type { Duration } from '../duration.ts'
import { durationMs } from '../duration.ts'
import { inWords, JobError } from '../job-error.ts'
import { EventTimeTrigger } from './event-time-trigger.ts'
import { ProcessingTimeTrigger } from './processing-time-trigger.ts'
import { TimeWindow } from './time-window.ts'
import type { Trigger } from './trigger.ts'
import type { Window } from './window.ts'
import type { MergingWindowAssigner, WindowAssignerContext } from './window-assigner.ts'

/**
 * The gap after an element, ms, at least 1.
 * Flink: SessionWindowTimeGapExtractor. It must be pure.
 */
export type GapOf<T> = (element: T) => number

/** Flink: EventTimeSessionWindows, DynamicEventTimeSessionWindows. */
export class EventTimeSessionWindows<T = unknown> implements MergingWindowAssigner<T> {
  readonly #gapOf: GapOf<T>
  readonly merging = true
  readonly codec = TimeWindow.codec

  private constructor(gapOf: GapOf<T>) {
    this.#gapOf = gapOf
  }
  /** @param gap at least 1 ms @throws JobError if it is out of range */
  static withGap(gap: Duration): EventTimeSessionWindows {
    return new EventTimeSessionWindows(fixedGap(gap))
  }
  /** Every element says how long the gap after it must be. A short gap does not shorten a session that lasts longer. */
  static withDynamicGap<T>(gapOf: GapOf<T>): EventTimeSessionWindows<T> {
    return new EventTimeSessionWindows(checkedGap(gapOf))
  }
  assignWindows(element: T, timestampMs: number): readonly TimeWindow[] {
    return [new TimeWindow(timestampMs, timestampMs + this.#gapOf(element))]
  }
  getDefaultTrigger(): Trigger<unknown, Window> {
    return EventTimeTrigger.create()
  }
  isEventTime(): boolean {
    return true
  }
}

/** Flink: ProcessingTimeSessionWindows, DynamicProcessingTimeSessionWindows. */
export class ProcessingTimeSessionWindows<T = unknown> implements MergingWindowAssigner<T> {
  readonly #gapOf: GapOf<T>
  readonly merging = true
  readonly codec = TimeWindow.codec

  private constructor(gapOf: GapOf<T>) {
    this.#gapOf = gapOf
  }
  /** @param gap at least 1 ms @throws JobError if it is out of range */
  static withGap(gap: Duration): ProcessingTimeSessionWindows {
    return new ProcessingTimeSessionWindows(fixedGap(gap))
  }
  /** Every element says how long the gap after it must be. */
  static withDynamicGap<T>(gapOf: GapOf<T>): ProcessingTimeSessionWindows<T> {
    return new ProcessingTimeSessionWindows(checkedGap(gapOf))
  }
  assignWindows(element: T, _timestampMs: number, context: WindowAssignerContext): readonly TimeWindow[] {
    const nowMs = context.getCurrentProcessingTime()
    return [new TimeWindow(nowMs, nowMs + this.#gapOf(element))]
  }
  getDefaultTrigger(): Trigger<unknown, Window> {
    return ProcessingTimeTrigger.create()
  }
  isEventTime(): boolean {
    return false
  }
}

function fixedGap(gap: Duration): GapOf<unknown> {
  const gapMs = durationMs(gap, 'the gap of a session', 1)
  return () => gapMs
}

function checkedGap<T>(gapOf: GapOf<T>): GapOf<T> {
  if (typeof gapOf !== 'function')
    throw new JobError(`withDynamicGap takes a function from element to ms, but got ${inWords(gapOf)}`)
  return (element) => durationMs(gapOf(element), 'the gap of a session', 1)
}
