import type { JobSettings } from '../../dataflow/index.ts'
import { ExponentialDelayBackoff } from './exponential-delay.ts'
import { FailureRateBackoff } from './failure-rate.ts'
import { type FixedDelay, FixedDelayBackoff } from './fixed-delay.ts'
import type { RestartBackoff } from './restart-backoff.ts'

/**
 * The strategy that a job names, in microseconds.
 * @param fixed what the plan says, for a job that names none or a fixed delay; asked at each failure
 * @param jitter draws a whole number in [-offset, offset]
 */
export function restartBackoffOf(
  { restart }: JobSettings,
  fixed: FixedDelay,
  jitter: (offset: number) => number,
): RestartBackoff {
  switch (restart?.type) {
    case undefined:
      return new FixedDelayBackoff(fixed)
    case 'failure-rate':
      return new FailureRateBackoff({
        maxFailures: restart.maxFailures,
        interval: restart.intervalMs * 1000,
        delay: restart.delayMs * 1000,
      })
    case 'exponential-delay':
      return new ExponentialDelayBackoff(
        {
          initial: restart.initialMs * 1000,
          max: restart.maxMs * 1000,
          multiplier: restart.multiplier,
          resetThreshold: restart.resetThresholdMs * 1000,
          jitterFactor: restart.jitterFactor,
          attempts: restart.attempts ?? Number.POSITIVE_INFINITY,
        },
        jitter,
      )
  }
}
