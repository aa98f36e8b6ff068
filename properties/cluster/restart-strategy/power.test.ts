import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { power } from '../../../src/cluster/restart-strategy/power.ts'

describe('a power', () => {
  it('is exact where a double is', () => {
    expect([power(1.5, 0), power(1.5, 1), power(1.5, 10), power(2, 52), power(7, 3)]).toEqual([
      1, 1.5, 57.6650390625, 4503599627370496, 343,
    ])
  })

  it('is what Math.pow says, up to the last bit', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 4, noNaN: true }), fc.integer({ min: 0, max: 60 }), (base, exponent) => {
        const exact = power(base, exponent)
        expect(Math.abs(exact - base ** exponent)).toBeLessThanOrEqual(exact * 2 * Number.EPSILON)
      }),
    )
  })

  it('has an end: larger ones are not told apart', () => {
    expect([power(2, 128), power(10, 1e9), power(1e300, 2)]).toEqual([2 ** 128, 2 ** 128, 2 ** 128])
  })
})
