import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gammaFunction, logGamma, upperGammaQuantile, upperGammaShare } from '../../src/intervals/index.ts'

describe('gamma function', () => {
  it('is a factorial at whole numbers and √π at a half', () => {
    let factorial = 1
    for (let n = 1; n <= 20; n += 1) {
      expect(gammaFunction(n) / factorial).toBeCloseTo(1, 12)
      factorial *= n
    }
    expect(gammaFunction(0.5)).toBeCloseTo(Math.sqrt(Math.PI), 13)
  })

  it('grows by its argument: Γ(x + 1) = x·Γ(x)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 150, noNaN: true }), (x) => {
        expect(logGamma(x + 1) - logGamma(x) - Math.log(x)).toBeCloseTo(0, 11)
      }),
    )
  })

  it('has the exponential and the normal tail as special cases', () => {
    for (const x of [0.1, 1, 5, 20]) expect(upperGammaShare(1, x) / Math.exp(-x)).toBeCloseTo(1, 12)
    // erfc(√3) = 0.01430587843542963
    expect(upperGammaShare(0.5, 3)).toBeCloseTo(0.01430587843542963, 14)
  })

  it('has quantiles that undo the share', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 200, noNaN: true }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (a, share) => {
          expect(upperGammaShare(a, upperGammaQuantile(a, share))).toBeCloseTo(share, 9)
        },
      ),
    )
    // χ² with 10 degrees of freedom: 97.5 % point 20.483.
    expect(2 * upperGammaQuantile(5, 0.025)).toBeCloseTo(20.483, 3)
  })

  it('refuses arguments outside its range', () => {
    expect(() => logGamma(0)).toThrow('x must be a finite number above 0, got 0')
    expect(() => gammaFunction(171)).toThrow('at most 170')
    expect(() => upperGammaShare(1, -1)).toThrow('0 or more')
    expect(() => upperGammaQuantile(1, 1)).toThrow('(0, 1)')
  })
})
