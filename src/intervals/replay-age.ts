import type { DurationDistribution } from './duration-distribution.ts'
import { durationText } from './duration-text.ts'
import {
  OutOfRange,
  requireNotNegative,
  requirePositive,
  requireProbability,
  requireShareBelowOne,
} from './out-of-range.ts'

/** How often checkpoints are taken and how they fare. */
export interface ReplayAgeInput {
  /** From one trigger to the next, ms, > 0. */
  readonly intervalMs: number
  /** From the trigger until the checkpoint is durable, ms, in [0, intervalMs]. */
  readonly latencyMs: number
  /** Share of checkpoints that fail, in [0, 1), each on its own. */
  readonly failedShare?: number
}

/**
 * Age A of the checkpoint that a failure falls back to: from its trigger to the failure. All that came in during A is
 * processed again.
 *
 * A = L + φ + T·G with a uniform phase φ in [0, T) and G failed checkpoints in a row, P(G = n) = (1 − p)·pⁿ. So A is
 * uniform over [L, L + T) for p = 0, and E[A] = L + T/2 + T·p/(1 − p).
 *
 * Source: derived; simulated 40.0 / 55.0 / 140.1 against 40 / 55 / 140. Holds for a failure at a random moment of a job
 * that has run for longer than T + L (before, see `exposed-interval`), one checkpoint at a time.
 *
 * @throws OutOfRange when the latency exceeds the interval: then the period in effect is the latency
 */
export function replayAge({ intervalMs, latencyMs, failedShare = 0 }: ReplayAgeInput): DurationDistribution {
  const model = 'replay-age'
  requirePositive(model, 'intervalMs', intervalMs)
  requireNotNegative(model, 'latencyMs', latencyMs)
  requireShareBelowOne(model, 'failedShare', failedShare)
  if (latencyMs > intervalMs)
    throw new OutOfRange(
      model,
      `a checkpoint must be durable before the next one starts, got a latency of ${durationText(latencyMs)} against an ` +
        `interval of ${durationText(intervalMs)}; give the period in effect, which is at least the latency`,
    )
  const p = failedShare
  return {
    meanMs: latencyMs + intervalMs / 2 + (intervalMs * p) / (1 - p),
    cdf(valueMs) {
      const intervals = (valueMs - latencyMs) / intervalMs
      if (intervals <= 0) return 0
      if (intervals === Number.POSITIVE_INFINITY) return 1
      const failed = Math.floor(intervals)
      return 1 - p ** failed + (1 - p) * p ** failed * (intervals - failed)
    },
    quantile(probability) {
      requireProbability(model, 'probability', probability)
      const tail = 1 - probability
      if (p === 0) return latencyMs + intervalMs * probability
      if (tail === 0) return Number.POSITIVE_INFINITY
      // Continuous, so a logarithm rounded over a whole number does no harm.
      const failed = Math.floor(Math.log(tail) / Math.log(p))
      return latencyMs + intervalMs * (failed + (p ** failed - tail) / ((1 - p) * p ** failed))
    },
  }
}
