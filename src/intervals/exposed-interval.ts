import type { FailureDistribution } from './failure-distribution.ts'
import { requireNotNegative, requirePositive } from './out-of-range.ts'

/** The time after a failover in which no new checkpoint exists yet. */
export interface ExposedInterval {
  /** From the restart until the first new checkpoint is durable, ms: one whole interval and the latency. */
  readonly exposedMs: number
  /** Probability that the next failure comes before that and falls back to the same old checkpoint. */
  readonly probability: number
  /** Expected age of the old checkpoint at that second failure, ms: the first age + downtime + time since the restart. */
  readonly meanAgeMs: number
  /** The worst such age, ms. */
  readonly worstAgeMs: number
}

/** What the exposed interval depends on. */
export interface ExposedIntervalInput {
  readonly intervalMs: number
  readonly latencyMs: number
  readonly downtimeMs: number
  /** Mean age of the checkpoint at the first failure, ms, and the worst one. */
  readonly meanAgeMs: number
  readonly worstAgeMs: number
  readonly failures: FailureDistribution
}

/**
 * After a failover the next checkpoint is triggered one whole interval after the job runs again, not on the old grid.
 *
 * Source: Flink 2.3.0 on a cluster: T + 16…102 ms after RUNNING. Any distribution of uptimes; with failures in bursts
 * (Weibull shape below 1) the probability is far above the exponential one.
 */
export function exposedInterval(input: ExposedIntervalInput): ExposedInterval {
  const { intervalMs, latencyMs, downtimeMs, meanAgeMs, worstAgeMs, failures } = input
  requirePositive('exposed-interval', 'intervalMs', intervalMs)
  requireNotNegative('exposed-interval', 'latencyMs', latencyMs)
  requireNotNegative('exposed-interval', 'downtimeMs', downtimeMs)
  const exposedMs = intervalMs + latencyMs
  const probability = 1 - failures.survival(exposedMs)
  // E[X; X < w] = ∫ survival − w·survival(w), by the midpoint rule: fine for steps, too.
  const steps = 1000
  let integralMs = 0
  for (let step = 0; step < steps; step += 1)
    integralMs += (failures.survival(((step + 0.5) / steps) * exposedMs) * exposedMs) / steps
  const uptimeMs = probability === 0 ? 0 : (integralMs - exposedMs * (1 - probability)) / probability
  return {
    exposedMs,
    probability,
    meanAgeMs: meanAgeMs + downtimeMs + Math.max(0, uptimeMs),
    worstAgeMs: worstAgeMs + downtimeMs + exposedMs,
  }
}
