import { type CatchUpInput, recoveryMs } from './catch-up.ts'
import { durationText } from './duration-text.ts'
import { OutOfRange, requireNotNegative, requirePositive } from './out-of-range.ts'

/** A failure that may be followed by another before the backlog is gone. */
export interface SecondFailureInput extends CatchUpInput {
  /** Age of the checkpoint the first failure falls back to, ms, >= 0. */
  readonly ageMs: number
  /** From one trigger to the next, ms; the first comes one interval after the restart. */
  readonly intervalMs: number
  /** From the trigger until the checkpoint is durable, ms, >= 0. */
  readonly latencyMs: number
  /** Mean time between failures, ms; Poisson. */
  readonly mtbfMs: number
}

/** What another failure during the catch-up does. */
export interface SecondFailure {
  /** Probability of another failure before the backlog is gone. */
  readonly probability: number
  /** Expected time from the first failure until the backlog is gone, at most one further failure counted, ms. */
  readonly expectedRecoveryMs: number
}

/** Above this R/(M·(1 − ρ)), third and later failures matter too much to be left out. */
const SECOND_FAILURE_RANGE = 0.2

/**
 * Failures during the catch-up. One that strikes at time u after the first adds (u − j·T)/(1 − ρ), j the checkpoints
 * that were durable since the restart: all progress since the last trigger is lost, and what arrived meanwhile waits.
 * Integrated over an exponential u in closed form, window by window.
 *
 * Source: derived; the remaining error is of second order in R/(M·(1 − ρ)).
 *
 * @throws OutOfRange where that ratio exceeds 0.2, or without capacity to spare
 */
export function secondFailure(input: SecondFailureInput): SecondFailure {
  const model = 'second-failure'
  const { downtimeMs, load, ageMs, intervalMs, latencyMs, mtbfMs } = input
  requirePositive(model, 'intervalMs', intervalMs)
  requireNotNegative(model, 'latencyMs', latencyMs)
  requirePositive(model, 'mtbfMs', mtbfMs)
  const firstMs = recoveryMs(input, ageMs)
  if (firstMs / (mtbfMs * (1 - load)) > SECOND_FAILURE_RANGE)
    throw new OutOfRange(
      model,
      `failures every ${durationText(mtbfMs)} strike too often into a recovery of ${durationText(firstMs)} for a model ` +
        'of one further failure; simulate instead, or add capacity',
    )
  // ∫ u·λ·e^(−λu) of (u − start) from a to b.
  const lost = (start: number, a: number, b: number): number =>
    (a - start + mtbfMs) * Math.exp(-a / mtbfMs) - (b - start + mtbfMs) * Math.exp(-b / mtbfMs)
  let addedMs = 0
  let fromMs = 0
  for (let durable = 0; fromMs < firstMs; durable += 1) {
    const toMs = Math.min(firstMs, downtimeMs + latencyMs + (durable + 1) * intervalMs)
    addedMs += lost(durable * intervalMs, fromMs, toMs)
    fromMs = toMs
  }
  return {
    probability: -Math.expm1(-firstMs / mtbfMs),
    expectedRecoveryMs: firstMs + addedMs / (1 - load),
  }
}
