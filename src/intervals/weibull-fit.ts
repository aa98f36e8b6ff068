import { OutOfRange } from './out-of-range.ts'

/** A Weibull distribution fitted to observed uptimes. */
export interface WeibullFit {
  readonly shape: number
  readonly scaleMs: number
  /**
   * Twice the gain in log-likelihood over an exponential. Above 3.84 the shape differs from 1 at the 5 % level
   * (χ² with one degree of freedom).
   */
  readonly likelihoodRatio: number
}

/** Fewest uptimes a shape is fitted to; with less, an exponential says all there is. */
export const FEWEST_GAPS_FOR_A_SHAPE = 10

/**
 * Maximum-likelihood Weibull fit. The shape k solves Σ xᵏ·ln x / Σ xᵏ − 1/k = mean ln x, found by bisection in [0.2, 10];
 * the scale is (mean xᵏ)^(1/k).
 *
 * @param gapsMs uptimes, ms, all > 0, at least `FEWEST_GAPS_FOR_A_SHAPE`
 * @throws OutOfRange with fewer uptimes
 */
export function fitWeibull(gapsMs: readonly number[]): WeibullFit {
  const n = gapsMs.length
  if (n < FEWEST_GAPS_FOR_A_SHAPE || !gapsMs.every((gap) => gap > 0))
    throw new OutOfRange(
      'weibull-fit',
      `a shape needs at least ${FEWEST_GAPS_FOR_A_SHAPE} uptimes above 0, got ${n}; assume an exponential`,
    )
  const mean = gapsMs.reduce((sum, gap) => sum + gap, 0) / n
  const logs = gapsMs.map((gap) => Math.log(gap / mean))
  const meanLog = logs.reduce((sum, log) => sum + log, 0) / n
  const slope = (k: number): number => {
    let power = 0
    let weighted = 0
    for (const log of logs) {
      const x = Math.exp(k * log)
      power += x
      weighted += x * log
    }
    return weighted / power - 1 / k - meanLog
  }
  let low = 0.2
  let high = 10
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2
    if (slope(middle) < 0) low = middle
    else high = middle
  }
  const shape = (low + high) / 2
  const meanPower = logs.reduce((sum, log) => sum + Math.exp(shape * log), 0) / n
  const scale = meanPower ** (1 / shape)
  // Log-likelihoods per uptime in units of the mean; the exponential's is −1.
  const weibull = Math.log(shape) - shape * Math.log(scale) + (shape - 1) * meanLog - 1
  return { shape, scaleMs: scale * mean, likelihoodRatio: Math.max(0, 2 * n * (weibull + 1)) }
}
