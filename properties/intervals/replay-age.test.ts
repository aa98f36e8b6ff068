import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { replayAge } from '../../src/intervals/index.ts'

const input = fc
  .record({
    intervalMs: fc.double({ min: 1, max: 1e7, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    failedShare: fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 0.9, noNaN: true })),
  })
  .map(({ intervalMs, share, failedShare }) => ({ intervalMs, latencyMs: share * intervalMs, failedShare }))
const probability = fc.double({ min: 0, max: 0.9999, noNaN: true })

describe('replay age', () => {
  it('has a quantile that the cdf undoes, and the other way round', () => {
    fc.assert(
      fc.property(input, probability, (given, q) => {
        const age = replayAge(given)
        const value = age.quantile(q)
        expect(age.cdf(value)).toBeCloseTo(q, 9)
        expect(Math.abs(age.quantile(age.cdf(value)) - value)).toBeLessThan(1e-6 * given.intervalMs)
      }),
    )
  })

  it('rises, from the latency on', () => {
    fc.assert(
      fc.property(input, probability, probability, (given, a, b) => {
        const age = replayAge(given)
        expect(age.quantile(0)).toBe(given.latencyMs)
        expect(age.quantile(Math.min(a, b))).toBeLessThanOrEqual(age.quantile(Math.max(a, b)))
        expect(age.cdf(given.latencyMs * 0.999)).toBe(0)
        expect(age.cdf(Number.POSITIVE_INFINITY)).toBe(1)
      }),
    )
  })

  it('has the mean of its quantiles', () => {
    fc.assert(
      fc.property(input, (given) => {
        const age = replayAge(given)
        const steps = 20_000
        let sum = 0
        for (let k = 0; k < steps; k += 1) sum += age.quantile((k + 0.5) / steps)
        expect(sum / steps / age.meanMs).toBeCloseTo(1, 2)
      }),
      { numRuns: 20 },
    )
  })

  it('is bounded by L + T without failed checkpoints and by nothing with them', () => {
    expect(replayAge({ intervalMs: 60, latencyMs: 10 }).quantile(1)).toBe(70)
    expect(replayAge({ intervalMs: 60, latencyMs: 10, failedShare: 0.01 }).quantile(1)).toBe(Number.POSITIVE_INFINITY)
  })

  it('refuses what it does not cover', () => {
    expect(() => replayAge({ intervalMs: 5000, latencyMs: 8000 })).toThrow(
      'replay-age: a checkpoint must be durable before the next one starts, got a latency of 8 s against an interval of 5 s',
    )
    expect(() => replayAge({ intervalMs: 0, latencyMs: 0 })).toThrow('intervalMs must be a finite number above 0')
    expect(() => replayAge({ intervalMs: 1, latencyMs: 0, failedShare: 1 })).toThrow('failedShare must lie in [0, 1)')
    expect(() => replayAge({ intervalMs: 1, latencyMs: 0 }).quantile(1.1)).toThrow('probability must lie in [0, 1]')
  })
})
