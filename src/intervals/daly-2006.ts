/**
 * Daly's two estimates of the optimum.
 *
 * Source: J. T. Daly, "A higher order estimate of the optimum checkpoint interval for restart dumps", FGCS 22, 2006.
 * Published optima with cost 5 min and restart 10 min: 117, 57 and 9.1 min of work for an MTBF of 24 h, 6 h and 15 min.
 */
import { durationText } from './duration-text.ts'
import { FIRST_ORDER_COST_SHARE, type OptimalInterval, optimalInterval } from './optimal-interval.ts'
import { OutOfRange, requireNotNegative, requirePositive } from './out-of-range.ts'

/**
 * First order: work τ = √(2·c·(M + R)) − c.
 *
 * @param costMs work lost to one checkpoint, ms, > 0
 * @param mtbfMs mean time between failures, ms, > 0
 * @param restartMs from the failure until work goes on, ms, >= 0 and below the MTBF
 * @throws OutOfRange when costMs > mtbfMs / 10, or the restart takes as long as the MTBF
 */
export function daly2006FirstOrder(costMs: number, mtbfMs: number, restartMs: number): OptimalInterval {
  const model = 'daly-2006-first-order'
  requirePositive(model, 'costMs', costMs)
  requirePositive(model, 'mtbfMs', mtbfMs)
  requireNotNegative(model, 'restartMs', restartMs)
  if (costMs > FIRST_ORDER_COST_SHARE * mtbfMs)
    throw new OutOfRange(
      model,
      `a first-order formula needs a cost of at most a tenth of the MTBF, got ${durationText(costMs)} against ` +
        `${durationText(mtbfMs)}; use exact-optimum`,
    )
  if (restartMs >= mtbfMs)
    throw new OutOfRange(
      model,
      `a restart must be shorter than the MTBF, got ${durationText(restartMs)} against ${durationText(mtbfMs)}; ` +
        'use exact-optimum, which does not depend on the restart',
    )
  return optimalInterval(Math.sqrt(2 * costMs * (mtbfMs + restartMs)) - costMs, costMs)
}

/**
 * Higher order (eq. 37): work τ = √(2cM)·[1 + ⅓·√(c/2M) + ⅑·(c/2M)] − c for c < 2M, else τ = M.
 * Within 1 % of the exact optimum up to c = M/2.
 *
 * @param costMs work lost to one checkpoint, ms, > 0
 * @param mtbfMs mean time between failures, ms, > 0
 */
export function daly2006(costMs: number, mtbfMs: number): OptimalInterval {
  requirePositive('daly-2006', 'costMs', costMs)
  requirePositive('daly-2006', 'mtbfMs', mtbfMs)
  if (costMs >= 2 * mtbfMs) return optimalInterval(mtbfMs, costMs)
  const half = costMs / (2 * mtbfMs)
  const work = Math.sqrt(2 * costMs * mtbfMs) * (1 + Math.sqrt(half) / 3 + half / 9) - costMs
  return optimalInterval(work, costMs)
}
