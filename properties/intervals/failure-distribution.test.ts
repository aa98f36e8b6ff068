import fc from 'fast-check'
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import {
  exponentialFailures,
  exposedInterval,
  fitWeibull,
  gapsBetween,
  mtbfLimitsMs,
  observedFailures,
  renewalUtilisation,
  weibullFailures,
  weibullFailuresWithMean,
} from '../../src/intervals/index.ts'

const positive = fc.double({ min: 1, max: 1e6, noNaN: true })
const failedShare = fc.double({ min: 0, max: 0.7, noNaN: true })

/** The sum of the definition, term by term. */
function summed(survival: (tMs: number) => number, intervalMs: number, offsetMs: number, failed: number): number {
  let sum = 0
  for (let k = 1; k < 200_000; k += 1) {
    const term = survival(k * intervalMs + offsetMs) * (1 - failed ** k)
    sum += term
    if (survival(k * intervalMs + offsetMs) < 1e-16) break
  }
  return sum
}

describe('intervals saved', () => {
  it('is the sum of its definition for an exponential', () => {
    fc.assert(
      fc.property(positive, fc.double({ min: 0.001, max: 5, noNaN: true }), failedShare, (mtbfMs, share, failed) => {
        const failures = exponentialFailures(mtbfMs)
        const expected = summed(failures.survival, share * mtbfMs, mtbfMs / 50, failed)
        expect(failures.intervalsSaved(share * mtbfMs, mtbfMs / 50, failed) / expected).toBeCloseTo(1, 6)
      }),
      { numRuns: 30 },
    )
  })

  it('is the sum of its definition for a Weibull, also where an integral takes over', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.4, max: 5, noNaN: true }),
        fc.double({ min: -2.5, max: 0.5, noNaN: true }),
        failedShare,
        (shape, exponent, failed) => {
          const failures = weibullFailuresWithMean(shape, 1000)
          const intervalMs = 1000 * 10 ** exponent
          const expected = summed(failures.survival, intervalMs, 20, failed)
          const found = failures.intervalsSaved(intervalMs, 20, failed)
          expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-7 * expected + 1e-12)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('is the sum of its definition for observed times', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 5, maxLength: 30 }),
        fc.integer({ min: 10, max: 5000 }),
        failedShare,
        (times, intervalMs, failed) => {
          fc.pre(new Set(times).size >= 3)
          const failures = observedFailures(times)
          const expected = summed(failures.survival, intervalMs, 7, failed)
          expect(failures.intervalsSaved(intervalMs, 7, failed)).toBeCloseTo(expected, 6)
        },
      ),
    )
  })
})

describe('observed failures', () => {
  it('come sorted, without the double ones', () => {
    expect(gapsBetween([30, 10, 10, 60])).toEqual([20, 30])
    expect(observedFailures([0, 10, 30]).mtbfMs).toBe(15)
  })

  it('bound the MTBF: 95 of 100 samples hold the true one between the limits', () => {
    const random = seedrandom('limits')
    let inside = 0
    for (let sample = 0; sample < 2000; sample += 1) {
      const gaps = Array.from({ length: 5 }, () => -1000 * Math.log(1 - random()))
      const [low, high] = mtbfLimitsMs(gaps)
      if (low <= 1000 && 1000 <= high) inside += 1
    }
    expect(inside / 2000).toBeGreaterThan(0.935)
    expect(inside / 2000).toBeLessThan(0.965)
  })

  it.each([0.6, 1, 2.5])('give back the Weibull they come from, shape %d', (shape) => {
    const random = seedrandom(`fit ${shape}`)
    const gaps = Array.from({ length: 5000 }, () => 700 * (-Math.log(1 - random())) ** (1 / shape))
    const fit = fitWeibull(gaps)
    expect(fit.shape / shape).toBeCloseTo(1, 1)
    expect(fit.scaleMs / 700).toBeCloseTo(1, 1)
    if (shape === 1) expect(fit.likelihoodRatio).toBeLessThan(3.84)
    else expect(fit.likelihoodRatio).toBeGreaterThan(100)
  })

  it('call an exponential a Weibull in one case of twenty', () => {
    const random = seedrandom('false alarms')
    let alarms = 0
    for (let sample = 0; sample < 1000; sample += 1)
      if (fitWeibull(Array.from({ length: 40 }, () => -Math.log(1 - random()))).likelihoodRatio > 3.84) alarms += 1
    expect(alarms / 1000).toBeGreaterThan(0.03)
    expect(alarms / 1000).toBeLessThan(0.08)
  })

  it('refuse too few', () => {
    expect(() => gapsBetween([5, 5, 9])).toThrow(
      'at least three failures at different times, got 2; give an MTBF instead',
    )
    expect(() => gapsBetween([1, 2, Number.NaN])).toThrow('every failure time must be a finite number')
    expect(() => fitWeibull([1, 2, 3])).toThrow(
      'a shape needs at least 10 uptimes above 0, got 3; assume an exponential',
    )
  })
})

describe('the first interval after a failover', () => {
  const at = (failures: ReturnType<typeof exponentialFailures>) =>
    exposedInterval({
      intervalMs: 60_000,
      latencyMs: 5000,
      downtimeMs: 30_000,
      meanAgeMs: 35_000,
      worstAgeMs: 65_000,
      failures,
    })

  it('is an interval and a latency long, and ages the old checkpoint', () => {
    const exposed = at(exponentialFailures(3_600_000))
    expect(exposed.exposedMs).toBe(65_000)
    expect(exposed.probability).toBeCloseTo(1 - Math.exp(-65 / 3600), 12)
    // A rare failure strikes in the middle of it.
    expect(exposed.meanAgeMs / (35_000 + 30_000 + 32_500)).toBeCloseTo(1, 2)
    expect(exposed.worstAgeMs).toBe(65_000 + 30_000 + 65_000)
  })

  it('is hit far more often where failures come in bursts', () => {
    expect(at(weibullFailuresWithMean(0.5, 3_600_000)).probability).toBeGreaterThan(
      5 * at(exponentialFailures(3_600_000)).probability,
    )
  })
})

it('Weibull refuses shapes and restarts outside its range', () => {
  expect(() => weibullFailures(0.1, 1)).toThrow(
    'the shape must lie in [0.2, 10], got 0.1; 1 means exponential failures',
  )
  expect(() => weibullFailuresWithMean(11, 1)).toThrow('the shape must lie in [0.2, 10]')
  const failures = weibullFailures(0.7, 1000)
  expect(() =>
    renewalUtilisation({ intervalMs: 100, costMs: 1, latencyMs: 1, restartMs: 900, failedShare: 0, failures }),
  ).toThrow('a restart must be short against the uptime')
})
