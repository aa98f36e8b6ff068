import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lambertRise, lambertW0 } from '../../src/intervals/index.ts'

describe('lambertRise', () => {
  // Computed with 60 decimal digits.
  it.each([
    [1e-12, 1.4142128957065068e-6],
    [1e-9, 4.472069288581366e-5],
    [1e-4, 0.014075547672763037],
    [0.01, 0.13483475106683468],
    [0.1, 0.38318316820829484],
    [0.5, 0.698290437315664],
    [1, 0.8414056604369606],
    [3, 0.9813393709113166],
    [10, 0.999983298020256],
    [30, 0.9999999999999656],
  ])('of %d', (x, expected) => {
    expect(Math.abs(lambertRise(x) / expected - 1)).toBeLessThan(1e-14)
  })

  it('solves -ln(1 - v) - v = x, also where the terms cancel', () => {
    fc.assert(
      fc.property(fc.double({ min: -28, max: 3, noNaN: true }), (exponent) => {
        const x = 10 ** exponent
        const v = lambertRise(x)
        if (v > 0.99) return
        let series = 0
        for (let k = 4000; k >= 2; k -= 1) series += v ** k / k
        expect(Math.abs(series / x - 1)).toBeLessThan(1e-12)
      }),
    )
  })

  it('is 0 at 0, 1 far out, and refuses what is below 0', () => {
    expect(lambertRise(0)).toBe(0)
    expect(lambertRise(1e300)).toBe(1)
    expect(() => lambertRise(-1e-300)).toThrow('lambert-w: x must be 0 or more')
    expect(() => lambertRise(Number.NaN)).toThrow('lambert-w: x must be 0 or more')
  })
})

describe('lambertW0', () => {
  // Computed with 60 decimal digits.
  it.each([
    [-0.35, -0.7166388164560739],
    [-0.25, -0.3574029561813889],
    [-0.2, -0.25917110181907377],
    [-1e-5, -1.0000100001500025e-5],
    [1e-10, 9.999999999e-11],
    [0.5, 0.35173371124919584],
    [1, 0.5671432904097838],
    [10, 1.7455280027406994],
  ])('of %d', (z, expected) => {
    expect(Math.abs(lambertW0(z) / expected - 1)).toBeLessThan(1e-14)
  })

  it('is the inverse of w·e^w', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.9, max: 600, noNaN: true }), (w) => {
        expect(Math.abs(lambertW0(w * Math.exp(w)) - w)).toBeLessThan(1e-12 * Math.max(1, Math.abs(w)))
      }),
    )
  })

  it('is -1 at the branch point and refuses beyond it', () => {
    expect(lambertW0(-1 / Math.E)).toBe(-1)
    expect(() => lambertW0(-0.37)).toThrow('z must be finite and at least -1/e')
    expect(() => lambertW0(Number.POSITIVE_INFINITY)).toThrow('z must be finite')
  })
})
