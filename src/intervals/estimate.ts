/** Estimates from a simulation, each with its 99 % confidence interval. */

/** A value and the limits between which the true one lies with 99 % confidence. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** The 99.5 % point of the normal distribution. */
const Z = 2.5758293035489004

/** The 99.5 % point of Student's t: Cornish–Fisher in 1/n, within 1 % from 6 degrees of freedom on. */
export function studentT(degrees: number): number {
  const z = Z
  const first = (z ** 3 + z) / 4
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3
}

/**
 * Sum of the parts over the sum of the wholes, for independent pairs: the ratio estimator of regenerative simulation.
 * Source: the delta method; Law and Kelton, "Simulation Modeling and Analysis", on regenerative output analysis.
 */
export function ratioEstimate(parts: readonly number[], wholes: readonly number[]): Estimate {
  const n = parts.length
  const whole = wholes.reduce((sum, value) => sum + value, 0)
  const value = parts.reduce((sum, part) => sum + part, 0) / whole
  if (n < 2) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  let squares = 0
  for (let i = 0; i < n; i += 1) squares += (parts[i]! - value * wholes[i]!) ** 2
  const half = (studentT(n - 1) * Math.sqrt(squares / (n - 1) / n)) / (whole / n)
  return { value, low: value - half, high: value + half }
}

/** The mean of independent samples. */
export const meanEstimate = (samples: readonly number[]): Estimate =>
  ratioEstimate(
    samples,
    samples.map(() => 1),
  )

/**
 * A quantile of independent samples, its limits by order statistics: of n samples the number below the quantile is
 * binomial. Where the sample is too small to tell, a limit is the infinity on that side.
 */
export function quantileEstimate(samples: readonly number[], probability: number): Estimate {
  const sorted = [...samples].sort((a, b) => a - b)
  const n = sorted.length
  const spread = Z * Math.sqrt(n * probability * (1 - probability))
  const lowRank = Math.floor(n * probability - spread) - 1
  const highRank = Math.ceil(n * probability + spread)
  const place = probability * (n - 1)
  const below = sorted[Math.floor(place)]!
  return {
    value: below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place)),
    low: lowRank < 0 ? Number.NEGATIVE_INFINITY : sorted[lowRank]!,
    high: highRank >= n ? Number.POSITIVE_INFINITY : sorted[highRank]!,
  }
}

/** Half the width of the interval over the value. */
export const relativeHalfWidth = ({ value, low, high }: Estimate): number => (high - low) / 2 / Math.abs(value)
