/** Recovery as an observer sees it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimateRecoveryMs, type RecoveryInput, recoveryBandMs } from '../../src/flink/estimate-recovery.ts'
import { recoveryMs } from '../../src/intervals/index.ts'

const input = fc
  .record({
    downtimeMs: fc.integer({ min: 0, max: 60_000 }),
    replayMs: fc.integer({ min: 0, max: 600_000 }),
    load: fc.double({ min: 0.01, max: 0.95, noNaN: true }),
  })
  .map(
    ({ downtimeMs, replayMs, load }): RecoveryInput => ({
      downtimeMs,
      replayMs,
      arrivalPerSecond: load * 1000,
      capacityPerSecond: 1000,
      intervalMs: null,
      costMs: 0,
      sight: { recoveredLagMs: 0, normalLagMs: 0, reportEveryMs: 0 },
    }),
  )

describe('recovery as it is seen', () => {
  it('is (D + ρA)/(1 − ρ) for who sees everything', () => {
    fc.assert(
      fc.property(input, (given) => {
        const load = given.arrivalPerSecond / 1000
        const plain = recoveryMs({ downtimeMs: given.downtimeMs, load }, given.replayMs)
        expect(estimateRecoveryMs(given)).toBeCloseTo(plain, 5)
      }),
    )
  })

  it('is earlier with a tolerated lag, later with a slow report, and never before the first output', () => {
    fc.assert(
      fc.property(input, fc.integer({ min: 1, max: 5000 }), (given, ms) => {
        const all = estimateRecoveryMs(given)
        const tolerant = estimateRecoveryMs({ ...given, sight: { ...given.sight, recoveredLagMs: ms } })
        const slow = estimateRecoveryMs({ ...given, sight: { ...given.sight, reportEveryMs: ms } })
        expect(tolerant).toBeLessThanOrEqual(all)
        expect(tolerant).toBeGreaterThanOrEqual(given.downtimeMs)
        expect(slow).toBeCloseTo(all + 1.5 * ms, 5)
      }),
    )
  })

  it('never ends where more arrives than can be processed', () => {
    fc.assert(
      fc.property(input, (given) => {
        expect(estimateRecoveryMs({ ...given, capacityPerSecond: given.arrivalPerSecond })).toBe(
          Number.POSITIVE_INFINITY,
        )
      }),
    )
  })

  it('lies in its band, which widens with what is uncertain', () => {
    fc.assert(
      fc.property(input, (given) => {
        const spread = { downtimesMs: [given.downtimeMs], arrivalRelativeSd: 0.01, capacityRelativeSd: 0.02 }
        const [low, high] = recoveryBandMs(given, spread)
        const [lower, higher] = recoveryBandMs(given, { ...spread, capacityRelativeSd: 0.04 })
        expect(low).toBeLessThanOrEqual(estimateRecoveryMs(given))
        expect(high).toBeGreaterThanOrEqual(estimateRecoveryMs(given))
        expect(lower).toBeLessThanOrEqual(low)
        expect(higher).toBeGreaterThanOrEqual(high)
      }),
      { numRuns: 50 },
    )
  })
})
