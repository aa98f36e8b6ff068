import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import { assignedTimestampMs, CheckedGenerator } from './event-timestamp.ts'
import { inWords, JobError } from './job-error.ts'
import type { WatermarkGenerator, WatermarkOutput, WatermarkSpec } from './job-graph.ts'

/** Where event time comes from, and how far out of order it may be. Flink: WatermarkStrategy. */
export interface WatermarkStrategy<T> extends WatermarkSpec {
  readonly timestampOf: (value: T, recordTimestampMs: number) => number
  /** The source counts as idle when nothing has come for this long; it then holds back no watermark. */
  withIdleness(after: Duration): WatermarkStrategy<T>
}

/** A strategy that still lacks its timestamps: records carry none of their own here. */
export interface WatermarkStrategyWithoutTimestamps {
  /**
   * @param timestampOf the event timestamp of a value, in whole milliseconds; must be pure. It is given the timestamp that the
   * record has so far as well; NaN if it has none. Flink: TimestampAssigner
   */
  withTimestampAssigner<T>(timestampOf: (value: T, recordTimestampMs: number) => number): WatermarkStrategy<T>
}

/** Watermark = highest timestamp - bound - 1, every now and then. Flink: BoundedOutOfOrdernessWatermarks. */
class BoundedOutOfOrderness implements WatermarkGenerator {
  readonly #boundMs: number
  #highestMs = Number.NEGATIVE_INFINITY

  constructor(boundMs: number) {
    this.#boundMs = boundMs
  }
  onEvent(_value: unknown, timestampMs: number): void {
    if (timestampMs > this.#highestMs) this.#highestMs = timestampMs
  }
  onPeriodicEmit(output: WatermarkOutput): void {
    output.emitWatermark(this.#highestMs - this.#boundMs - 1)
  }
}

function withTimestamps<T>(
  timestampOf: (value: T, recordTimestampMs: number) => number,
  generator: () => WatermarkGenerator,
  describe: string,
  idleAfterMs?: number,
): WatermarkStrategy<T> {
  return {
    timestampOf,
    generator,
    describe,
    ...(idleAfterMs === undefined ? {} : { idleAfterMs }),
    withIdleness: (after) =>
      withTimestamps(timestampOf, generator, describe, durationMs(after, 'the idle time of a source', 1)),
  }
}

function strategy(generator: () => WatermarkGenerator, describe: string): WatermarkStrategyWithoutTimestamps {
  return {
    withTimestampAssigner(timestampOf) {
      if (typeof timestampOf !== 'function') {
        throw new JobError(
          `withTimestampAssigner takes a function from value to milliseconds, but got ${inWords(timestampOf)}`,
        )
      }
      const checked: typeof timestampOf = (value, recordTimestampMs) =>
        assignedTimestampMs(timestampOf(value, recordTimestampMs))
      return withTimestamps(checked, generator, describe)
    },
  }
}
const bounded = (outOfOrdernessMs: number): WatermarkStrategyWithoutTimestamps =>
  strategy(() => new BoundedOutOfOrderness(outOfOrdernessMs), `bounded ${outOfOrdernessMs}`)

export const WatermarkStrategy = {
  /** Timestamps never fall within a reader. Flink: WatermarkStrategy.forMonotonousTimestamps. */
  forMonotonousTimestamps: (): WatermarkStrategyWithoutTimestamps => bounded(0),

  /**
   * A timestamp is at most `bound` older than the highest one before it; older ones count as late.
   * Flink: WatermarkStrategy.forBoundedOutOfOrderness.
   * @throws JobError if the bound is not a duration
   */
  forBoundedOutOfOrderness: (bound: Duration): WatermarkStrategyWithoutTimestamps =>
    bounded(durationMs(bound, 'the bound of the out-of-orderness')),

  /**
   * A generator of the user's own; a punctuated one emits in `onEvent`. Flink: WatermarkStrategy.forGenerator.
   * @param make makes the generator; called anew for every attempt
   */
  forGenerator: <T>(make: () => WatermarkGenerator<T>): WatermarkStrategyWithoutTimestamps => {
    if (typeof make !== 'function') throw new JobError(`forGenerator takes a factory, but got ${inWords(make)}`)
    return strategy(() => new CheckedGenerator(make() as WatermarkGenerator), 'generator')
  },

  /** Timestamps and no watermark before the end. Flink: WatermarkStrategy.noWatermarks. */
  noWatermarks: (): WatermarkStrategyWithoutTimestamps =>
    strategy(() => ({ onEvent: () => {}, onPeriodicEmit: () => {} }), 'none'),
}
