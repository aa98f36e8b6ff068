/** Simulation against the formulas, at a few points; `npm run intervals-grid` has the whole grid. */
import { describe, expect, it } from 'vitest'
import {
  type IntervalProblem,
  intervalRow,
  resolveProblem,
  simulateIntervals,
  vaidya1997,
  wholeFirstIntervalUtilisation,
} from '../../src/intervals/index.ts'

const PROBLEM: IntervalProblem = {
  costMs: 1000,
  latencyMs: 5000,
  failures: { kind: 'exponential', mtbfMs: 3_600_000 },
  restartMs: 20_000,
  detectionMs: 10_000,
}
const LOADED: IntervalProblem = { ...PROBLEM, load: { arrivalPerSecond: 60_000, capacityPerSecond: 100_000 } }

describe('simulateIntervals', () => {
  it('holds the exact formula within its interval', () => {
    const problem = resolveProblem(PROBLEM)
    const rows = simulateIntervals(problem, [30_000, 90_000, 600_000])
    for (const { intervalMs, utilisation, effectiveMs, precise } of rows) {
      const { costMs, latencyMs, downtimeMs: restartMs } = problem
      const exact = wholeFirstIntervalUtilisation({ intervalMs, costMs, latencyMs, restartMs, mtbfMs: 3_600_000 })
      expect(utilisation.low).toBeLessThanOrEqual(exact)
      expect(utilisation.high).toBeGreaterThanOrEqual(exact)
      expect((utilisation.high - utilisation.low) / 2 / utilisation.value).toBeLessThanOrEqual(0.02)
      expect(effectiveMs! / intervalMs).toBeCloseTo(1, 3)
      expect(precise).toBe(true)
    }
  })

  it('recovers as the formula says where failures come alone', () => {
    const rare = resolveProblem({ ...LOADED, failures: { kind: 'exponential', mtbfMs: 360_000_000 } })
    const [row] = simulateIntervals(rare, [60_000])
    const { recoveryMs, peakLagMs } = intervalRow(rare, 60_000)
    for (const name of ['mean', 'p50', 'p90'] as const) {
      expect(row!.recoveryMs![name].low).toBeLessThanOrEqual(recoveryMs![name])
      expect(row!.recoveryMs![name].high).toBeGreaterThanOrEqual(recoveryMs![name])
      expect(row!.peakLagMs[name].low).toBeLessThanOrEqual(peakLagMs[name])
      expect(row!.peakLagMs[name].high).toBeGreaterThanOrEqual(peakLagMs[name])
    }
    expect(row!.rereadRecords!.value).toBeGreaterThan(0)
  })

  it('says why where it does not', () => {
    const [row] = simulateIntervals(resolveProblem(LOADED), [600_000], { precision: 0.05 })
    const difference = row!.differences.find(({ figure }) => figure === 'recovery p99')
    expect(difference!.text).toContain('formula')
    expect(difference!.why.join()).toContain('another failure struck before the backlog was gone')
  })

  it('finds the longer period where a pause or the checkpoint itself sets it', () => {
    const problem = resolveProblem({ ...PROBLEM, minPauseMs: 10_000 })
    const [row] = simulateIntervals(problem, [8000])
    expect(row!.effectiveMs! / 15_000).toBeCloseTo(1, 1)
  })

  it('never catches up above capacity, and says so', () => {
    const failures = { kind: 'exponential', mtbfMs: 600_000 } as const
    const problem = resolveProblem({ ...PROBLEM, failures, costMs: 5000, load: { share: 0.95 } })
    const [row] = simulateIntervals(problem, [10_000], { precision: 0.1 })
    expect(row!.precise).toBe(false)
    expect(row!.recoveryMs).toBeNull()
  })

  it('gives the same numbers for the same seed, others for another', () => {
    const problem = resolveProblem(PROBLEM)
    const once = simulateIntervals(problem, [60_000], { seed: 'a' })
    expect(simulateIntervals(problem, [60_000], { seed: 'a' })).toEqual(once)
    expect(simulateIntervals(problem, [60_000], { seed: 'b' })[0]!.utilisation).not.toEqual(once[0]!.utilisation)
  })

  it('refuses a precision or a length that means nothing', () => {
    const problem = resolveProblem(PROBLEM)
    expect(() => simulateIntervals(problem, [60_000], { precision: 0 })).toThrow(/precision/)
    expect(() => simulateIntervals(problem, [60_000], { hours: -1 })).toThrow(/hours/)
  })
})

describe('wholeFirstIntervalUtilisation', () => {
  it('is vaidya-1997 up to the second order in cost and interval', () => {
    const mtbfMs = 3_600_000
    for (const [intervalMs, costMs] of [
      [60_000, 1000],
      [600_000, 6000],
    ] as const) {
      const input = { intervalMs, costMs, latencyMs: 2 * costMs, restartMs: 30_000, mtbfMs }
      const ratio = wholeFirstIntervalUtilisation(input) / vaidya1997(input)
      const expected = (costMs / mtbfMs) * (costMs / intervalMs - intervalMs / mtbfMs / 2)
      expect(Math.abs(ratio - 1 - expected)).toBeLessThan(0.2 * Math.abs(expected) + 1e-9)
    }
  })
})
