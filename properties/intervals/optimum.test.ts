/** The best interval: each model against the objective it optimises, against the others, and outside its range. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  daly2006,
  daly2006FirstOrder,
  exactOptimum,
  failedCheckpointFactor,
  failedCheckpointShortening,
  jayasekara2020,
  minimise,
  OutOfRange,
  utilisation,
  vaidya1997,
  vaidya1997Optimum,
  weibullHazardPerMs,
  weibullLocalOptimum,
  young1974,
} from '../../src/intervals/index.ts'

const mtbf = fc.double({ min: 1e3, max: 1e9, noNaN: true })
/** Cost over MTBF. */
const share = fc.double({ min: -6, max: 0.5, noNaN: true }).map((exponent) => 10 ** exponent)
const factor = fc.double({ min: -2, max: 2, noNaN: true }).map((exponent) => 10 ** exponent)

describe('exact optimum', () => {
  it('has no better interval on a random grid, whatever restart and latency', () => {
    fc.assert(
      fc.property(mtbf, share, factor, factor, (mtbfMs, costShare, stretch, restartShare) => {
        const costMs = costShare * mtbfMs
        const { intervalMs } = exactOptimum(costMs, mtbfMs)
        const other = costMs + (intervalMs - costMs) * stretch
        const restartMs = (restartShare * mtbfMs) / 1000
        const at = (interval: number): number => utilisation({ intervalMs: interval, costMs, mtbfMs, restartMs })
        expect(at(other)).toBeLessThanOrEqual(at(intervalMs) * (1 + 1e-12))
        const latencyMs = Math.min(other, intervalMs)
        const late = (interval: number): number =>
          vaidya1997({ intervalMs: interval, costMs, mtbfMs, restartMs, latencyMs })
        expect(late(other)).toBeLessThanOrEqual(late(intervalMs) * (1 + 1e-12))
      }),
    )
  })

  it('is where a search finds it', () => {
    fc.assert(
      fc.property(mtbf, share, (mtbfMs, costShare) => {
        const costMs = costShare * mtbfMs
        const { intervalMs } = exactOptimum(costMs, mtbfMs)
        const loss = (interval: number): number => -utilisation({ intervalMs: interval, costMs, mtbfMs, restartMs: 0 })
        const found = minimise(loss, costMs * 1.0001, intervalMs * 20)
        // A flat optimum is found to the root of the precision of its value.
        expect(Math.abs(found / intervalMs - 1)).toBeLessThan(1e-4)
      }),
      { numRuns: 30 },
    )
  })

  it('lies between the first-order ones as the literature says: Young within c, Daly within 1 % up to c = M/2', () => {
    fc.assert(
      fc.property(mtbf, share, (mtbfMs, costShare) => {
        const costMs = costShare * mtbfMs
        const exact = exactOptimum(costMs, mtbfMs)
        if (costShare <= 0.1) expect(Math.abs(young1974(costMs, mtbfMs).workMs - exact.workMs)).toBeLessThan(costMs)
        if (costShare <= 0.5)
          expect(Math.abs(daly2006(costMs, mtbfMs).intervalMs / exact.intervalMs - 1)).toBeLessThan(0.01)
        expect(daly2006FirstOrder(costMs, Math.max(mtbfMs, 20 * costMs), 0).workMs).toBeGreaterThan(0)
      }),
    )
  })

  it('refuses a cost or an MTBF of nothing', () => {
    expect(() => exactOptimum(0, 1)).toThrow('exact-optimum: costMs must be a finite number above 0, got 0')
    expect(() => exactOptimum(1, Number.POSITIVE_INFINITY)).toThrow('mtbfMs must be a finite number above 0')
  })
})

describe('first-order models', () => {
  it('err at the edge of their range by what the sources say: 17 % of the interval, 0.5 % of utilisation', () => {
    const young = young1974(100, 1000)
    const exact = exactOptimum(100, 1000)
    expect(young.workMs / exact.workMs).toBeCloseTo(1.167, 3)
    const at = (intervalMs: number): number => utilisation({ intervalMs, costMs: 100, mtbfMs: 1000, restartMs: 0 })
    expect(1 - at(young.intervalMs) / at(exact.intervalMs)).toBeCloseTo(0.005, 3)
  })

  it('Daly counts the restart: √(2·5·(1440 + 10)) − 5 = 115.42 minutes of work', () => {
    expect(daly2006FirstOrder(5 * 60_000, 1440 * 60_000, 10 * 60_000).workMs / 60_000).toBeCloseTo(115.416, 3)
  })

  it('Daly takes the MTBF where a checkpoint takes twice as long', () => {
    expect(daly2006(2000, 1000)).toEqual({ workMs: 1000, intervalMs: 3000 })
  })

  it('refuse outside, in one sentence that says what to do', () => {
    expect(() => young1974(5 * 60_000, 15 * 60_000)).toThrow(
      'young-1974: a first-order formula needs a cost of at most a tenth of the MTBF, got 5 min against 15 min; use exact-optimum',
    )
    expect(() => daly2006FirstOrder(1000, 5000, 0)).toThrow('use exact-optimum')
    expect(() => daly2006FirstOrder(1000, 60_000, 60_000)).toThrow('a restart must be shorter than the MTBF')
    expect(() => weibullLocalOptimum(1000, 0.5, 3_600_000, 1)).toThrow('ask for a later moment')
    expect(() => young1974(-1, 1)).toThrow(OutOfRange)
  })
})

describe('vaidya-1997', () => {
  const input = { intervalMs: 60_000, costMs: 1000, latencyMs: 10_000, mtbfMs: 3_600_000, restartMs: 30_000 }

  it('equals the stop-the-world model where the latency is the cost, and Jayasekara where it is the way down', () => {
    const { latencyMs: _, ...plain } = input
    expect(vaidya1997({ ...input, latencyMs: 1000 })).toBe(utilisation(plain))
    expect(vaidya1997({ ...input, latencyMs: 1000 + 3 * 500 })).toBeCloseTo(
      jayasekara2020({ ...plain, depth: 4, hopDelayMs: 500 }),
      14,
    )
  })

  it('loses by latency, far less than by cost', () => {
    const at = (change: Partial<typeof input>): number => vaidya1997({ ...input, ...change })
    expect(at({ latencyMs: 20_000 })).toBeLessThan(at({}))
    expect(at({}) - at({ latencyMs: 20_000 })).toBeLessThan(at({}) - at({ costMs: 2000 }))
  })

  it('keeps the interval above the latency', () => {
    expect(vaidya1997Optimum(1000, 5000, 3_600_000).intervalMs).toBeCloseTo(85_187, 0)
    expect(vaidya1997Optimum(1000, 120_000, 3_600_000)).toEqual({ workMs: 119_000, intervalMs: 120_000 })
  })

  it('refuses a latency below the cost or above the interval, and an interval without work', () => {
    expect(() => vaidya1997({ ...input, latencyMs: 500 })).toThrow('give the end-to-end duration as the latency')
    expect(() => vaidya1997({ ...input, latencyMs: 61_000 })).toThrow('choose a longer interval')
    expect(() => vaidya1997({ ...input, intervalMs: 1000, latencyMs: 1000 })).toThrow('choose a longer interval')
    expect(() => utilisation({ intervalMs: 10, costMs: 10, mtbfMs: 1, restartMs: 0 })).toThrow(
      'got 10 ms against 10 ms',
    )
    expect(() => jayasekara2020({ ...input, depth: 0, hopDelayMs: 0 })).toThrow('depth must be an integer of 1 or more')
    expect(() => jayasekara2020({ ...input, depth: 1.5, hopDelayMs: 0 })).toThrow('got 1.5')
  })
})

describe('weibull-local-rate', () => {
  it('is Young for shape 1, and grows as t^((1−k)/2)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 0.99, noNaN: true }), (shape) => {
        const at = (uptimeMs: number): number => weibullLocalOptimum(10, shape, 3_600_000, uptimeMs).workMs
        expect(at(400_000) / at(100_000)).toBeCloseTo(4 ** ((1 - shape) / 2), 9)
      }),
    )
    expect(weibullLocalOptimum(1000, 1, 3_600_000, 5).workMs).toBeCloseTo(young1974(1000, 3_600_000).workMs, 6)
    expect(weibullHazardPerMs(1, 50, 7)).toBe(1 / 50)
  })
})

describe('failed checkpoints', () => {
  it('cost nothing without failures, and shorten the best interval as the first order says', () => {
    expect(failedCheckpointFactor(0, 1000, 5000)).toBe(1)
    for (const failedShare of [0.05, 0.2, 0.5]) {
      const costMs = 1
      const mtbfMs = 1e6
      const loss = (intervalMs: number): number =>
        -utilisation({ intervalMs, costMs, mtbfMs, restartMs: 0 }) *
        failedCheckpointFactor(failedShare, intervalMs, mtbfMs)
      const best = minimise(loss, 10, 1e6)
      const young = young1974(costMs, mtbfMs).workMs * failedCheckpointShortening(failedShare)
      expect(best / young).toBeCloseTo(1, 2)
    }
  })

  it('refuse a share of 1: then no checkpoint ever completes', () => {
    expect(() => failedCheckpointFactor(1, 1000, 5000)).toThrow('failedShare must lie in [0, 1), got 1')
    expect(() => failedCheckpointShortening(-0.1)).toThrow('failedShare must lie in [0, 1)')
  })
})
