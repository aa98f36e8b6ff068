import { lambertRise } from './lambert-w.ts'
import { type OptimalInterval, optimalInterval } from './optimal-interval.ts'
import { requirePositive } from './out-of-range.ts'

/**
 * The exact optimum under Poisson failures: T* = c + M·(1 + W0(−e^(−1−c/M))), the interval that maximises
 * `utilisation`. It depends on neither the restart nor the latency (Vaidya 1997, Jayasekara 2020).
 *
 * Source: the derivative of Daly's expected run time set to zero; the same expression is the optimum of Jayasekara,
 * Harwood, Karunasekera, FGCS 2020 (arXiv 1911.11915). Holds for every cost and MTBF above 0.
 *
 * @param costMs work lost to one checkpoint, ms, > 0
 * @param mtbfMs mean time between failures, ms, > 0
 */
export function exactOptimum(costMs: number, mtbfMs: number): OptimalInterval {
  requirePositive('exact-optimum', 'costMs', costMs)
  requirePositive('exact-optimum', 'mtbfMs', mtbfMs)
  return optimalInterval(mtbfMs * lambertRise(costMs / mtbfMs), costMs)
}
