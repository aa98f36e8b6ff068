import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  loadProfile,
  profileRecovery,
  profileRecoveryMs,
  recoveryMs,
  recoveryTime,
  recoveryWithCheckpointsMs,
  replayAge,
} from '../../src/intervals/index.ts'

const DAY = 86_400_000
const day = loadProfile(
  [
    { atMs: 3 * 3_600_000, perSecond: 2000 },
    { atMs: 12 * 3_600_000, perSecond: 9000 },
    { atMs: 20 * 3_600_000, perSecond: 6000 },
  ],
  DAY,
)

describe('load profile', () => {
  it('adds up: arrivals over parts are the arrivals over the whole, in any period', () => {
    const moment = fc.integer({ min: -3 * DAY, max: 3 * DAY })
    fc.assert(
      fc.property(moment, moment, moment, (a, b, c) => {
        expect(day.arrivals(a, b) + day.arrivals(b, c)).toBeCloseTo(day.arrivals(a, c), 2)
        expect(day.arrivals(a + DAY, b + DAY)).toBeCloseTo(day.arrivals(a, b), 2)
      }),
    )
    expect(day.arrivals(0, DAY) / 86_400).toBeCloseTo(day.meanPerSecond, 6)
    expect(day.peakPerSecond).toBe(9000)
  })

  it('is linear between points and on into the next period', () => {
    // 12:00 to 20:00 falls from 9000 to 6000: at 16:00 it is 7500.
    const four = 16 * 3_600_000
    expect(day.arrivals(four - 500, four + 500)).toBeCloseTo(7500, 6)
    // 20:00 to 03:00 falls from 6000 to 2000: at 23:30 it is 4000.
    const late = 23.5 * 3_600_000
    expect(day.arrivals(late - 500, late + 500)).toBeCloseTo(4000, 6)
  })

  it('refuses points out of order or outside the period', () => {
    expect(() => loadProfile([], DAY)).toThrow('at least one point, got none')
    expect(() => loadProfile([{ atMs: DAY, perSecond: 1 }], DAY)).toThrow('lie in [0, 24 h)')
    expect(() =>
      loadProfile(
        [
          { atMs: 5, perSecond: 1 },
          { atMs: 5, perSecond: 1 },
        ],
        DAY,
      ),
    ).toThrow('as point 2')
    expect(() => loadProfile([{ atMs: 0, perSecond: -1 }], DAY)).toThrow('the rate of point 1 must be')
  })
})

describe('recovery under a changing load', () => {
  const steady = (load: number) => loadProfile([{ atMs: 0, perSecond: load * 1000 }], DAY)

  it('is the geometric series of the constant load, with and without checkpoints', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.double({ min: 0, max: 60_000, noNaN: true }),
        fc.double({ min: 2, max: 120_000, noNaN: true }),
        fc.boolean(),
        (load, downtimeMs, ageMs, paid) => {
          const checkpoints = { intervalMs: 30_000, costMs: paid ? 500 : 0 }
          const input = { ...checkpoints, profile: steady(load), capacityPerSecond: 1000, downtimeMs, ageMs }
          const expected = (age: number): number =>
            paid
              ? recoveryWithCheckpointsMs({ downtimeMs, load }, checkpoints, age)
              : recoveryMs({ downtimeMs, load }, age)
          const found = profileRecoveryMs({ ...input, failureAtMs: 7 })
          // The series stops with a step below 1 ms, as if the checkpoint were up to 1 ms younger.
          expect(found).toBeLessThanOrEqual(expected(ageMs) + 1e-6)
          expect(found).toBeGreaterThanOrEqual(expected(ageMs - 1.001) - 1e-6)
        },
      ),
    )
  })

  it('is worse before a peak than after it', () => {
    const input = {
      profile: day,
      capacityPerSecond: 10_000,
      ageMs: 60_000,
      downtimeMs: 30_000,
      intervalMs: 60_000,
      costMs: 0,
    }
    const before = profileRecoveryMs({ ...input, failureAtMs: 11.9 * 3_600_000 })
    const after = profileRecoveryMs({ ...input, failureAtMs: 22 * 3_600_000 })
    expect(before).toBeGreaterThan(3 * after)
  })

  it('waits for the peak to pass where it exceeds the capacity, and gives up where the mean does', () => {
    const input = {
      profile: day,
      ageMs: 60_000,
      downtimeMs: 30_000,
      intervalMs: 60_000,
      costMs: 0,
      failureAtMs: 10 * 3_600_000,
    }
    const recovered = profileRecoveryMs({ ...input, capacityPerSecond: 7600 })
    expect(recovered).toBeGreaterThan(4 * 3_600_000)
    expect(recovered).toBeLessThan(DAY)
    expect(profileRecoveryMs({ ...input, capacityPerSecond: 5000 })).toBe(Number.POSITIVE_INFINITY)
  })

  it('as a distribution is that of the constant load where the load is constant', () => {
    const age = replayAge({ intervalMs: 60_000, latencyMs: 1000 })
    const input = { profile: steady(0.6), capacityPerSecond: 1000, downtimeMs: 10_000, intervalMs: 60_000, costMs: 0 }
    const sampled = profileRecovery(input, age)
    const exact = recoveryTime({ downtimeMs: 10_000, load: 0.6 }, age)
    for (const q of [0.1, 0.5, 0.9, 0.99]) expect(sampled.quantile(q) / exact.quantile(q)).toBeCloseTo(1, 1)
    expect(sampled.meanMs / exact.meanMs).toBeCloseTo(1, 3)
  })
})
