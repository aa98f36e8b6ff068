import type { FailureDistribution } from './failure-distribution.ts'
import { OutOfRange, requireNotNegative, requireShareBelowOne } from './out-of-range.ts'
import { requireWork } from './utilisation.ts'

/** A fixed interval under failures of any distribution. */
export interface RenewalInput {
  /** From one trigger to the next, ms. Above the cost. */
  readonly intervalMs: number
  /** Work lost to one checkpoint, ms, >= 0. */
  readonly costMs: number
  /** From the trigger until the checkpoint is durable, ms. At least the cost. */
  readonly latencyMs: number
  /** From the failure until work goes on, ms, >= 0. */
  readonly restartMs: number
  /** Share of checkpoints that fail, in [0, 1), each on its own. */
  readonly failedShare: number
  readonly failures: FailureDistribution
}

/**
 * Share of all time that is useful work, for uptimes of any distribution: U = (T − c)·E[N] / (E[X] + R), N the intervals
 * saved before the failure at uptime X.
 *
 * Source: renewal-reward theorem over one uptime and the restart after it. Every restart starts the intervals anew, as
 * Flink does (the first checkpoint comes one interval after the job runs). A failure during the restart is not in it:
 * with an exponential it differs from `vaidya-1997` by (R/M)²/2, so it is refused where the restart exceeds a fifth of
 * the mean uptime.
 *
 * @returns a number in [0, 1)
 * @throws OutOfRange where restarts are not short against uptimes
 */
export function renewalUtilisation(input: RenewalInput): number {
  const { intervalMs, costMs, latencyMs, restartMs, failedShare, failures } = input
  const model = 'renewal-utilisation'
  requireWork(model, intervalMs, costMs)
  requireNotNegative(model, 'restartMs', restartMs)
  requireShareBelowOne(model, 'failedShare', failedShare)
  if (!(latencyMs >= costMs))
    throw new OutOfRange(model, `latencyMs must be at least costMs = ${costMs}, got ${latencyMs}`)
  if (restartMs > failures.mtbfMs / 5)
    throw new OutOfRange(
      model,
      `a restart must be short against the uptime, at most a fifth of ${failures.mtbfMs} ms, got ${restartMs} ms; ` +
        'assume exponential failures',
    )
  const saved = failures.intervalsSaved(intervalMs, latencyMs - costMs, failedShare)
  return ((intervalMs - costMs) * saved) / (failures.mtbfMs + restartMs)
}
