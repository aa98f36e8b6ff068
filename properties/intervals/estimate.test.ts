import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { meanEstimate, quantileEstimate, ratioEstimate, studentT } from '../../src/intervals/estimate.ts'

describe('studentT', () => {
  it.each([
    [6, 3.707],
    [10, 3.169],
    [30, 2.75],
    [100, 2.626],
    [10_000, 2.576],
  ])('is the 99.5 %% point of %d degrees of freedom', (degrees, expected) => {
    expect(Math.abs(studentT(degrees) / expected - 1)).toBeLessThan(0.01)
  })
})

describe('intervals', () => {
  const random = seedrandom('estimates')
  const exponential = (): number => -Math.log(1 - random())
  /** How often the true value lies within the limits. */
  const coverage = (rounds: number, inside: () => boolean): number =>
    Array.from({ length: rounds }, inside).filter(Boolean).length / rounds

  it('of a mean hold it 99 times in a hundred', () => {
    const share = coverage(2000, () => {
      const { low, high } = meanEstimate(Array.from({ length: 100 }, () => random()))
      return low <= 0.5 && high >= 0.5
    })
    expect(share).toBeGreaterThan(0.983)
    expect(share).toBeLessThan(0.997)
  })

  it('of a ratio hold it, though parts and wholes go together', () => {
    const share = coverage(2000, () => {
      const wholes = Array.from({ length: 200 }, exponential)
      const parts = wholes.map((whole) => whole * random())
      const { low, high } = ratioEstimate(parts, wholes)
      return low <= 0.5 && high >= 0.5
    })
    expect(share).toBeGreaterThan(0.98)
  })

  it('of a quantile hold it, and are open where the sample is too small', () => {
    const share = coverage(1000, () => {
      const { low, high } = quantileEstimate(Array.from({ length: 300 }, exponential), 0.9)
      return low <= Math.log(10) && high >= Math.log(10)
    })
    expect(share).toBeGreaterThan(0.98)
    const small = quantileEstimate([3, 1, 2], 0.99)
    expect(small.value).toBeCloseTo(2.98)
    expect(small.high).toBe(Number.POSITIVE_INFINITY)
  })

  it('of one sample are open', () => {
    expect(meanEstimate([5])).toEqual({ value: 5, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })
  })
})
