import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import { integerIn, inWords, JobError } from './job-error.ts'

/** Whether and when a failed job is started again; made by one of the functions below. */
export type RestartStrategy =
  | { readonly restartAttempts: number; readonly restartDelayMs: number }
  | { readonly restart: FailureRateRestart | ExponentialDelayRestart }

export interface FailureRateRestart {
  readonly type: 'failure-rate'
  readonly maxFailures: number
  readonly intervalMs: number
  readonly delayMs: number
}
export interface ExponentialDelayRestart {
  readonly type: 'exponential-delay'
  readonly initialMs: number
  readonly maxMs: number
  readonly multiplier: number
  readonly resetThresholdMs: number
  readonly jitterFactor: number
  /** No limit if left out. */
  readonly attempts?: number
}

/** The most failures an interval may allow: each of them is remembered. */
const MAX_FAILURES = 10_000

/**
 * Restarts after a fixed delay, a limited number of times. Flink: FixedDelayRestartBackoffTimeStrategy.
 * @param attempts at least 0; 1 by default
 * @param delay 1 s by default
 * @throws JobError if a value is out of range
 */
export const fixedDelayRestart = (attempts = 1, delay: Duration = '1s'): RestartStrategy => ({
  restartAttempts: integerIn(attempts, 'the number of restart attempts', 0),
  restartDelayMs: durationMs(delay, 'the restart delay'),
})

/**
 * Restarts after a fixed delay, until more than a number of failures lie within an interval.
 * Flink: FailureRateRestartBackoffTimeStrategy.
 * @param maxFailures failures within the interval that are put up with; from 1 to 10,000, 1 by default
 * @param interval at least 1 ms; 1 min by default
 * @param delay 1 s by default
 * @throws JobError if a value is out of range
 */
export const failureRateRestart = (
  maxFailures = 1,
  interval: Duration = '1min',
  delay: Duration = '1s',
): RestartStrategy => ({
  restart: {
    type: 'failure-rate',
    maxFailures: integerIn(maxFailures, 'the number of failures per interval', 1, MAX_FAILURES),
    intervalMs: durationMs(interval, 'the failure rate interval', 1),
    delayMs: durationMs(delay, 'the restart delay'),
  },
})

export interface ExponentialDelayOptions {
  /** At least 1 ms; 1 s by default. */
  readonly initialBackoff?: Duration
  /** At least the initial backoff; 1 min by default. */
  readonly maxBackoff?: Duration
  /** Above 1; 1.5 by default. */
  readonly backoffMultiplier?: number
  /** Time without a failure after which the backoff is the initial one again; at least 1 ms, 1 h by default. */
  readonly resetBackoffThreshold?: Duration
  /** Share of the backoff that is added or taken away at random, in [0, 1]; 0.1 by default. */
  readonly jitterFactor?: number
  /** Restarts in a row before the job fails for good, at least 1; no limit by default. */
  readonly attemptsBeforeResetBackoff?: number
}

/**
 * Restarts after a delay that grows from failure to failure, and is the initial one again after a quiet time. Flink:
 * ExponentialDelayRestartBackoffTimeStrategy, which a job with checkpoints has by default.
 * @throws JobError if a value is out of range
 */
export function exponentialDelayRestart(options: ExponentialDelayOptions = {}): RestartStrategy {
  const {
    initialBackoff = '1s',
    maxBackoff = '1min',
    backoffMultiplier = 1.5,
    resetBackoffThreshold = '1h',
    jitterFactor = 0.1,
    attemptsBeforeResetBackoff: attempts,
  } = options
  const initialMs = durationMs(initialBackoff, 'the initial backoff', 1)
  const multiplier = numberIn(backoffMultiplier, (n) => n > 1, 'the backoff multiplier must be above 1')
  return {
    restart: {
      type: 'exponential-delay',
      initialMs,
      maxMs: durationMs(maxBackoff, 'the maximum backoff', initialMs),
      multiplier,
      resetThresholdMs: durationMs(resetBackoffThreshold, 'the threshold that resets the backoff', 1),
      jitterFactor: numberIn(jitterFactor, (n) => n >= 0 && n <= 1, 'the jitter factor must be from 0 to 1'),
      ...(attempts === undefined ? {} : { attempts: integerIn(attempts, 'the number of restart attempts', 1) }),
    },
  }
}
function numberIn(value: number, allowed: (n: number) => boolean, rule: string): number {
  if (Number.isFinite(value) && allowed(value)) return value
  throw new JobError(`${rule}, but is ${inWords(value)}`)
}

/** The first failure ends the job. Flink: NoRestartBackoffTimeStrategy. */
export const noRestart = (): RestartStrategy => ({ restartAttempts: 0, restartDelayMs: 0 })
