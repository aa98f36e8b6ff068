import { durationText } from './duration-text.ts'
import { OutOfRange, requireNotNegative, requirePositive } from './out-of-range.ts'

/** A stop-the-world checkpoint under Poisson failures. */
export interface UtilisationInput {
  /** From one trigger to the next, ms. Above the cost. */
  readonly intervalMs: number
  /** Work lost to one checkpoint, ms, >= 0. */
  readonly costMs: number
  /** Mean time between failures, ms, > 0. */
  readonly mtbfMs: number
  /** From the failure until work goes on (detection + restart), ms, >= 0. A failure may strike here, too. */
  readonly restartMs: number
}

/** Throws when an interval leaves no time for work. */
export function requireWork(model: string, intervalMs: number, costMs: number): void {
  requirePositive(model, 'intervalMs', intervalMs)
  requireNotNegative(model, 'costMs', costMs)
  if (intervalMs <= costMs)
    throw new OutOfRange(
      model,
      `an interval must be longer than the work one checkpoint costs, got ${durationText(intervalMs)} against ` +
        `${durationText(costMs)}; choose a longer interval`,
    )
}

/**
 * Share of all time that is useful work: U(T) = λ(T − c)·e^(−λR) / (e^(λT) − 1).
 *
 * Source: Daly 2006's expected run time, turned over; Jayasekara et al. 2020 with depth 1. The checkpoint holds up the
 * work for its whole duration; `vaidya-1997` tells cost and duration apart.
 *
 * @returns a number in (0, 1)
 * @throws OutOfRange when the interval is not longer than the cost
 */
export function utilisation({ intervalMs, costMs, mtbfMs, restartMs }: UtilisationInput): number {
  requireWork('utilisation', intervalMs, costMs)
  requirePositive('utilisation', 'mtbfMs', mtbfMs)
  requireNotNegative('utilisation', 'restartMs', restartMs)
  return ((intervalMs - costMs) / mtbfMs) * (Math.exp(-restartMs / mtbfMs) / Math.expm1(intervalMs / mtbfMs))
}
