import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LN_2, stableExp, stableLn } from '../../src/intervals/bit-stable-math.ts'
import { failureTable, probabilityOfStep } from '../../src/intervals/failure-table.ts'

/** From a second to ten hours. */
const mtbfUs = fc.integer({ min: 1_000_000, max: 36_000_000_000 })
const shape = fc.double({ min: 0.3, max: 5, noNaN: true })

/** The mean of the piecewise linear distribution, by exact whole numbers: knots times powers of two. */
function meanUs(knotsUs: readonly number[]): number {
  let sum = 0n
  for (let knot = 0; knot + 1 < knotsUs.length; knot += 1)
    sum += BigInt(knotsUs[knot]! + knotsUs[knot + 1]!) * BigInt(probabilityOfStep(knot) * 2 ** 40)
  return Number(sum / 2n ** 31n) / 2 ** 10
}

describe('stableLn and stableExp', () => {
  it('agree with Math.log and Math.exp to 14 digits', () => {
    expect(LN_2).toBeCloseTo(Math.LN2, 15)
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (x) => {
        expect(Math.abs(stableLn(x) - Math.log(x))).toBeLessThan(1e-14 * Math.max(1, Math.abs(Math.log(x))))
      }),
    )
    fc.assert(
      fc.property(fc.double({ min: -100, max: 100, noNaN: true }), (x) => {
        expect(Math.abs(stableExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-13)
      }),
    )
  })
})

describe('failureTable', () => {
  it('rises in whole microseconds from 0', () => {
    fc.assert(
      fc.property(mtbfUs, shape, (mean, k) => {
        const { knotsUs } = failureTable(mean, k)
        expect(knotsUs[0]).toBe(0)
        expect(knotsUs.every((knot) => Number.isSafeInteger(knot))).toBe(true)
        expect(knotsUs.every((knot, i) => i === 0 || knot >= knotsUs[i - 1]!)).toBe(true)
      }),
      { numRuns: 5 },
    )
  })

  it('gives steps whose probabilities sum to 1', () => {
    const steps = failureTable(1_000_000).knotsUs.length - 1
    let sum = 0
    for (let knot = 0; knot < steps; knot += 1) sum += probabilityOfStep(knot)
    expect(sum).toBe(1)
  })

  it('has the MTBF as its mean to a microsecond', () => {
    fc.assert(
      fc.property(mtbfUs, shape, (mean, k) => {
        expect(Math.abs(meanUs(failureTable(mean, k).knotsUs) - mean)).toBeLessThan(1)
      }),
      { numRuns: 40 },
    )
  })

  it.each([0.5, 1, 2])('has the quantiles of a Weibull of shape %d', (k) => {
    const { knotsUs } = failureTable(3_600_000_000, k)
    // At a knot survival is exact; only the scale, fitted to the mean, is off by the chords' excess.
    for (const levels of [1, 2, 5, 10]) {
      const ratio = knotsUs[levels * 64]! / knotsUs[64]!
      expect(ratio / levels ** (1 / k)).toBeCloseTo(1, 6)
    }
  })

  it('reaches every uptime of its range, and none beyond', () => {
    const { knotsUs, uptimeUs } = failureTable(3_600_000_000)
    expect(uptimeUs(0x8000_0000 | 0, 0)).toBe(0)
    expect(uptimeUs(-1, -1)).toBeLessThan(knotsUs[64]!)
    expect(uptimeUs(0, -1)).toBeLessThan(knotsUs[knotsUs.length - 1]!)
    expect(uptimeUs(0, -1)).toBeGreaterThanOrEqual(knotsUs[knotsUs.length - 2]!)
  })

  it('has golden numbers: the same on every machine', () => {
    const { uptimeUs } = failureTable(21_600_000_000, 0.7)
    const drawn = [1, 2, 3].map((i) => uptimeUs(Math.imul(i, 0x9e3779b1), Math.imul(i, 0x85ebca6b)))
    expect(drawn).toMatchInlineSnapshot(`
      [
        3103121768,
        27868216749,
        3578569211,
      ]
    `)
  })

  it('refuses what it cannot carry', () => {
    expect(() => failureTable(10)).toThrow(/between 1 ms and 2 years/)
    expect(() => failureTable(1_000_000, 0.1)).toThrow(/shape/)
  })
})
