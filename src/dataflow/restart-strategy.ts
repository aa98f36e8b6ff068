import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import { integerIn } from './job-error.ts'

/** How often and how fast a failed job is restarted. */
export interface RestartStrategy {
  readonly restartAttempts: number
  readonly restartDelayMs: number
}

/**
 * Restarts after a fixed delay, a limited number of times. Flink: FixedDelayRestartBackoffTimeStrategy.
 * @param attempts at least 0
 * @throws JobError if a value is out of range
 */
export const fixedDelayRestart = (attempts: number, delay: Duration): RestartStrategy => ({
  restartAttempts: integerIn(attempts, 'the number of restart attempts', 0),
  restartDelayMs: durationMs(delay, 'the restart delay'),
})
