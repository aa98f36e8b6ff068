import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationTickText, logScale } from '../../src/report/log-scale.ts'

describe('logarithmic axis', () => {
  const ends = fc.tuple(fc.double({ min: -1, max: 8, noNaN: true }), fc.double({ min: 0.1, max: 6, noNaN: true }))

  it('puts its ends at its ends and equal ratios at equal distances', () => {
    fc.assert(
      fc.property(ends, ([exponent, decades]) => {
        const low = 10 ** exponent
        const high = low * 10 ** decades
        const scale = logScale(low, high, 100, 600, 'decade', 40)
        expect(scale.at(low)).toBeCloseTo(100, 6)
        expect(scale.at(high)).toBeCloseTo(600, 6)
        expect(scale.at(Math.sqrt(low * high))).toBeCloseTo(350, 6)
      }),
    )
  })

  it('marks round values on the axis, apart from each other', () => {
    fc.assert(
      fc.property(ends, fc.constantFrom('duration' as const, 'decade' as const), ([exponent, decades], kind) => {
        const low = 10 ** exponent
        const scale = logScale(low, low * 10 ** decades, 600, 100, kind, 30)
        for (const [index, tick] of scale.ticks.entries()) {
          expect(tick).toBeGreaterThanOrEqual(low * 0.999)
          expect(tick).toBeLessThanOrEqual(low * 10 ** decades * 1.001)
          if (index > 0) expect(scale.at(scale.ticks[index - 1]!) - scale.at(tick)).toBeGreaterThanOrEqual(30)
        }
      }),
    )
  })

  it('names durations in the largest unit that divides them', () => {
    expect([500, 30_000, 60_000, 3_600_000, 43_200_000, 604_800_000].map(durationTickText)).toEqual([
      '500 ms',
      '30 s',
      '1 min',
      '1 h',
      '12 h',
      '7 d',
    ])
  })

  it('refuses an axis without extent', () => {
    expect(() => logScale(5, 5, 0, 1, 'decade', 1)).toThrow('needs 0 < low < high, got 5 and 5')
    expect(() => logScale(0, 5, 0, 1, 'decade', 1)).toThrow('widen the range')
  })
})
