import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import { inWords, JobError } from './job-error.ts'
import type { WatermarkSpec } from './job-graph.ts'

/** Where event time comes from, and how far out of order it may be. Flink: WatermarkStrategy. */
export interface WatermarkStrategy<T> extends WatermarkSpec {
  readonly timestampOf: (value: T) => number
}

/** A strategy that still lacks its timestamps: records carry none of their own here. */
export interface WatermarkStrategyWithoutTimestamps {
  /** @param timestampOf the event timestamp of a value, in whole milliseconds; must be pure */
  withTimestampAssigner<T>(timestampOf: (value: T) => number): WatermarkStrategy<T>
}

function bounded(outOfOrdernessMs: number): WatermarkStrategyWithoutTimestamps {
  return {
    withTimestampAssigner(timestampOf) {
      if (typeof timestampOf !== 'function') {
        throw new JobError(
          `withTimestampAssigner takes a function from value to milliseconds, but got ${inWords(timestampOf)}`,
        )
      }
      return { timestampOf, outOfOrdernessMs }
    },
  }
}

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
}
