/**
 * When the next failure comes: the time from the end of a restart to the next failure, as a renewal process.
 * Exponential (no memory), Weibull (shape below 1: failures come in bursts), or a list of observed failure times.
 */
import { durationText } from './duration-text.ts'
import { gammaFunction, upperGammaQuantile, upperGammaShare } from './gamma-function.ts'
import { OutOfRange, requirePositive } from './out-of-range.ts'
import { weibullHazardPerMs } from './weibull-local-rate.ts'

/** A distribution of the uptime between two failures. All times in ms. */
export interface FailureDistribution {
  readonly kind: 'exponential' | 'weibull' | 'observed'
  /** Mean uptime between failures. */
  readonly mtbfMs: number
  /** Probability that the uptime is longer than t. */
  survival(tMs: number): number
  /**
   * Expected number of intervals saved before the failure. Interval k = 1, 2, … is saved when its checkpoint, durable at
   * k·intervalMs + offsetMs, is reached and it or a later one succeeds: Σ survival(kT + o)·(1 − failedShareᵏ).
   */
  intervalsSaved(intervalMs: number, offsetMs: number, failedShare: number): number
  /** In words, for a report. */
  readonly text: string
}

/** Poisson failures, one every mtbfMs on average. */
export function exponentialFailures(mtbfMs: number): FailureDistribution {
  requirePositive('exponential', 'mtbfMs', mtbfMs)
  return {
    kind: 'exponential',
    mtbfMs,
    survival: (tMs) => Math.exp(-Math.max(0, tMs) / mtbfMs),
    intervalsSaved(intervalMs, offsetMs, failedShare) {
      const reached = Math.exp(-intervalMs / mtbfMs)
      const missed = -Math.expm1(-intervalMs / mtbfMs)
      const offset = Math.exp(-offsetMs / mtbfMs)
      return (offset * reached * (1 - failedShare)) / (missed * (1 - failedShare * reached))
    },
    text: `exponential, MTBF ${durationText(mtbfMs)}`,
  }
}

/** Beyond this many terms the sum over intervals goes on as an integral. */
const SUMMED_TERMS = 64

/**
 * Weibull uptimes: survival e^(−(t/scale)^shape). Shape 1 is exponential.
 *
 * @param shape in [0.2, 10]: below 1 failures cluster after a restart, above 1 things wear out
 * @param scaleMs scale η, ms, > 0; the mean is η·Γ(1 + 1/shape)
 * @throws OutOfRange outside these ranges
 */
export function weibullFailures(shape: number, scaleMs: number): FailureDistribution {
  if (!(shape >= 0.2 && shape <= 10))
    throw new OutOfRange('weibull', `the shape must lie in [0.2, 10], got ${shape}; 1 means exponential failures`)
  requirePositive('weibull', 'scaleMs', scaleMs)
  const mtbfMs = scaleMs * gammaFunction(1 + 1 / shape)
  const survival = (tMs: number): number => Math.exp(-((Math.max(0, tMs) / scaleMs) ** shape))
  return {
    kind: 'weibull',
    mtbfMs,
    survival,
    intervalsSaved(intervalMs, offsetMs, failedShare) {
      let sum = 0
      let allFailed = failedShare
      for (let k = 1; k <= SUMMED_TERMS; k += 1) {
        sum += survival(k * intervalMs + offsetMs) * (1 - allFailed)
        allFailed *= failedShare
      }
      // Euler–Maclaurin for the rest; failedShare^64 is nothing for any share a job survives with.
      const lastMs = SUMMED_TERMS * intervalMs + offsetMs
      const atLast = survival(lastMs)
      if (atLast === 0) return sum
      const restMs = mtbfMs * upperGammaShare(1 / shape, (lastMs / scaleMs) ** shape)
      const slope = (intervalMs * weibullHazardPerMs(shape, scaleMs, lastMs) * atLast) / 12
      return sum + restMs / intervalMs - atLast / 2 + slope
    },
    text: `Weibull, shape ${Number(shape.toFixed(3))}, MTBF ${durationText(mtbfMs)}`,
  }
}

/** Weibull uptimes with a given mean, ms. */
export const weibullFailuresWithMean = (shape: number, mtbfMs: number): FailureDistribution => {
  requirePositive('weibull', 'mtbfMs', mtbfMs)
  if (!(shape >= 0.2 && shape <= 10)) return weibullFailures(shape, mtbfMs)
  return weibullFailures(shape, mtbfMs / gammaFunction(1 + 1 / shape))
}

/** Uptimes between observed failures: the times sorted, their differences. At least three different times. */
export function gapsBetween(failureTimesMs: readonly number[]): number[] {
  const sorted = [...failureTimesMs].sort((a, b) => a - b)
  if (!sorted.every((time) => Number.isFinite(time)))
    throw new OutOfRange('observed', 'every failure time must be a finite number of milliseconds; drop the others')
  const gaps = sorted.slice(1).map((time, index) => time - sorted[index]!)
  const positive = gaps.filter((gap) => gap > 0)
  if (positive.length < 2)
    throw new OutOfRange(
      'observed',
      `a rate needs at least three failures at different times, got ${new Set(sorted).size}; give an MTBF instead`,
    )
  return positive
}

/** The observed uptimes themselves, each as likely as the other. Steps where the list is short: fit a shape to smooth it. */
export function observedFailures(failureTimesMs: readonly number[]): FailureDistribution {
  const gaps = gapsBetween(failureTimesMs)
  const mtbfMs = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  return {
    kind: 'observed',
    mtbfMs,
    survival: (tMs) => gaps.filter((gap) => gap > tMs).length / gaps.length,
    intervalsSaved(intervalMs, offsetMs, failedShare) {
      let saved = 0
      for (const gap of gaps) {
        const reached = Math.max(0, Math.ceil((gap - offsetMs) / intervalMs) - 1)
        // Σ over k of (1 − pᵏ): the trailing failed ones are not saved.
        const trailing = failedShare === 0 ? 0 : (failedShare * (1 - failedShare ** reached)) / (1 - failedShare)
        saved += reached - trailing
      }
      return saved / gaps.length
    },
    text: `${gaps.length + 1} observed failures, MTBF ${durationText(mtbfMs)}`,
  }
}

/**
 * 95 % limits of an MTBF estimated from n exponential gaps: 2·n·mean / χ² with 2n degrees of freedom.
 * @returns lower and upper limit, ms
 */
export function mtbfLimitsMs(gaps: readonly number[]): readonly [number, number] {
  const total = gaps.reduce((sum, gap) => sum + gap, 0)
  requirePositive('observed', 'the sum of the gaps', total)
  return [total / upperGammaQuantile(gaps.length, 0.025), total / upperGammaQuantile(gaps.length, 0.975)]
}
