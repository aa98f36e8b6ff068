import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearScale, linearTickText } from '../../src/report/linear-scale.ts'

describe('a linear axis', () => {
  it('has round ticks from zero, at most as many as wanted, all on the axis', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e9, noNaN: true }),
        fc.integer({ min: 3, max: 12 }),
        fc.constantFrom('duration' as const, 'decade' as const),
        (high, most, kind) => {
          const { ticks, at } = linearScale(high, 100, 900, kind, most)
          expect(ticks[0]).toBe(0)
          expect(ticks.length).toBeGreaterThan(1)
          expect(ticks.length).toBeLessThanOrEqual(most + 1)
          for (const tick of ticks) expect(at(tick)).toBeLessThanOrEqual(900.01)
          expect(at(high)).toBeCloseTo(900, 6)
        },
      ),
    )
  })

  it('counts durations as people do', () => {
    expect(linearScale(17_000, 0, 1, 'duration', 10).ticks.map(linearTickText)).toEqual([
      ...['0', '2 s', '4 s', '6 s', '8 s', '10 s', '12 s', '14 s', '16 s'],
    ])
    expect(linearScale(200_000, 0, 1, 'duration', 4).ticks.map(linearTickText)).toEqual([
      '0',
      '1 min',
      '2 min',
      '3 min',
    ])
  })

  it('refuses an axis without extent', () => {
    expect(() => linearScale(0, 0, 1, 'decade', 5)).toThrow('above 0')
  })
})
