import { durationText } from './duration-text.ts'
import { FIRST_ORDER_COST_SHARE, type OptimalInterval, optimalInterval } from './optimal-interval.ts'
import { OutOfRange, requirePositive } from './out-of-range.ts'

/**
 * Young's interval: work τ = √(2·c·M).
 *
 * Source: J. W. Young, "A first order approximation to the optimum checkpoint interval", CACM 17(9), 1974.
 * Assumes Poisson failures and a stop for the whole checkpoint. First order in cost / MTBF, so it is refused above
 * `FIRST_ORDER_COST_SHARE`.
 *
 * @param costMs work lost to one checkpoint, ms, > 0
 * @param mtbfMs mean time between failures, ms, > 0
 * @throws OutOfRange when costMs > mtbfMs / 10
 */
export function young1974(costMs: number, mtbfMs: number): OptimalInterval {
  requirePositive('young-1974', 'costMs', costMs)
  requirePositive('young-1974', 'mtbfMs', mtbfMs)
  if (costMs > FIRST_ORDER_COST_SHARE * mtbfMs)
    throw new OutOfRange(
      'young-1974',
      `a first-order formula needs a cost of at most a tenth of the MTBF, got ${durationText(costMs)} against ` +
        `${durationText(mtbfMs)}; use exact-optimum`,
    )
  return optimalInterval(Math.sqrt(2 * costMs * mtbfMs), costMs)
}
