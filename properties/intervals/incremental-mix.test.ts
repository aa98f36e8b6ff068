import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { incrementalMix, incrementalMixLossMs } from '../../src/intervals/index.ts'

const input = fc.record({
  fullCostMs: fc.double({ min: 1000, max: 60_000, noNaN: true }),
  incrementalCostMs: fc.double({ min: 1, max: 1000, noNaN: true }),
  restorePerIncrementalMs: fc.double({ min: 1, max: 10_000, noNaN: true }),
  intervalMs: fc.double({ min: 1000, max: 600_000, noNaN: true }),
  mtbfMs: fc.double({ min: 1_200_000, max: 1e8, noNaN: true }),
})

describe('incremental mix', () => {
  it('loses least of all whole numbers', () => {
    fc.assert(
      fc.property(input, (given) => {
        const best = incrementalMixLossMs(given, incrementalMix(given).incrementalsPerFull)
        for (let m = 0; m < 3000; m += 1) expect(best).toBeLessThanOrEqual(incrementalMixLossMs(given, m) * (1 + 1e-12))
      }),
      { numRuns: 50 },
    )
  })

  it('adds up over a round of one full and its incrementals', () => {
    const given = {
      fullCostMs: 10_000,
      incrementalCostMs: 500,
      restorePerIncrementalMs: 2000,
      intervalMs: 60_000,
      mtbfMs: 21_600_000,
    }
    const mix = incrementalMix(given)
    expect(mix.incrementalsPerFull).toBe(57)
    expect(mix.meanCostMs).toBeCloseTo((10_000 + 57 * 500) / 58, 9)
    expect(mix.meanExtraRestoreMs).toBe(57_000)
    // A failure finds 0 … m incrementals, each equally likely.
    const found = Array.from({ length: 58 }, (_, k) => k * 2000).reduce((sum, ms) => sum + ms, 0) / 58
    expect(mix.meanExtraRestoreMs).toBe(found)
  })

  it('takes full ones only where incrementals save nothing, and refuses what makes no sense', () => {
    const given = {
      fullCostMs: 1000,
      incrementalCostMs: 1000,
      restorePerIncrementalMs: 1,
      intervalMs: 1000,
      mtbfMs: 1e6,
    }
    expect(incrementalMix(given).incrementalsPerFull).toBe(0)
    expect(() => incrementalMix({ ...given, incrementalCostMs: 1001 })).toThrow('must not cost more than a full one')
    expect(() => incrementalMix({ ...given, mtbfMs: 1500 })).toThrow('at most half the MTBF')
    expect(() => incrementalMix({ ...given, restorePerIncrementalMs: 0 })).toThrow('restorePerIncrementalMs must be')
  })
})
