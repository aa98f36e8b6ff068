/** The job on the machines: what is a function of what, and what its measures must satisfy. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureTable } from '../../src/intervals/failure-table.ts'
import { SimulatedJob, type SimulatedJobInput } from '../../src/intervals/simulated-job.ts'

const S = 1_000_000
const job = new SimulatedJob()

const input = (over: Partial<SimulatedJobInput> = {}): SimulatedJobInput => ({
  seed: 'job/0',
  intervalUs: 60 * S,
  periodUs: 60 * S,
  costUs: S,
  latencyUs: 5 * S,
  downtimeUs: 30 * S,
  minPauseUs: 0,
  failedPerMillion: 0,
  recordUs: Math.round((59 * S) / 16),
  arrivalEveryUs: null,
  table: failureTable(3600 * S),
  memoryless: true,
  intervalsToKeep: 0,
  failures: 12,
  mostSteps: 1_000_000,
  ...over,
})
const loaded = (over: Partial<SimulatedJobInput> = {}): SimulatedJobInput =>
  input({ recordUs: 5.25 * S, arrivalEveryUs: 7.5 * S, ...over })

describe('SimulatedJob', () => {
  it('is a pure function of its input', () => {
    const first = job.run(loaded())
    job.run(input({ seed: 'job/7' }))
    expect(job.run(loaded())).toEqual(first)
    expect(new SimulatedJob().run(loaded())).toEqual(first)
  })

  it('strikes at the same times whatever the interval: common random numbers', () => {
    const wallUs = (intervalUs: number): number => {
      const periodUs = intervalUs
      const run = job.run(input({ intervalUs, periodUs, recordUs: Math.round(intervalUs / 16) }))
      return run.cycles.reduce((sum, cycle) => sum + cycle.wallUs, 0)
    }
    const short = wallUs(20 * S)
    for (const intervalUs of [60 * S, 300 * S]) expect(Math.abs(wallUs(intervalUs) / short - 1)).toBeLessThan(1e-6)
  })

  it('loses and keeps no more than it works', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 10, max: 600 }), (index, seconds) => {
        const costUs = Math.round((seconds * S) / 50)
        const over = { intervalUs: seconds * S, periodUs: seconds * S, costUs, latencyUs: 2 * costUs }
        const { cycles, complete } = job.run(
          input({ ...over, seed: `job/${index}`, recordUs: Math.round((seconds * S - costUs) / 16), failures: 6 }),
        )
        expect(complete).toBe(true)
        for (const { workUs, lostUs, wallUs } of cycles) {
          expect(Math.min(workUs, lostUs)).toBeGreaterThanOrEqual(0)
          expect(workUs + lostUs).toBeLessThanOrEqual(wallUs + seconds * S)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('recovers as it does when no interval is left out', () => {
    const folded = job.run(loaded())
    const whole = job.run(loaded({ intervalsToKeep: null }))
    expect(folded.steps).toBeLessThan(whole.steps / 2)
    expect(folded.recoveries).toHaveLength(whole.recoveries.length)
    for (const [i, { recoveryUs, failures }] of folded.recoveries.entries()) {
      expect(Math.abs(recoveryUs - whole.recoveries[i]!.recoveryUs)).toBeLessThan(0.02 * S)
      expect(failures).toBe(whole.recoveries[i]!.failures)
    }
    expect(Math.abs(folded.virtualUs / whole.virtualUs - 1)).toBeLessThan(1e-6)
  })

  it('recovers alike whatever a record stands for', () => {
    const mean = (arrivals: number): number => {
      const arrivalEveryUs = (60 * S) / arrivals
      const { recoveries } = job.run(
        loaded({ arrivalEveryUs, recordUs: Math.round(arrivalEveryUs * 0.7), failures: 60 }),
      )
      return recoveries.reduce((sum, { recoveryUs }) => sum + recoveryUs, 0) / recoveries.length
    }
    expect(Math.abs(mean(6) / mean(60) - 1)).toBeLessThan(0.02)
  })

  it('takes checkpoints at the interval, and as long as they last', () => {
    const { checkpoints } = job.run(input({ intervalsToKeep: null }))
    expect(checkpoints.gapsUs / checkpoints.gaps / S).toBeCloseTo(60, 3)
    expect(checkpoints.durationsUs / checkpoints.completed).toBeGreaterThanOrEqual(5 * S)
    expect(checkpoints.expired).toBe(0)
  })

  it('lets that share of checkpoints fail, and restarts of bursts begin anew', () => {
    const lost = (failedPerMillion: number): number => {
      const { cycles } = job.run(input({ failedPerMillion, intervalsToKeep: 16, failures: 60 }))
      return cycles.reduce((sum, { lostUs }) => sum + lostUs, 0) / cycles.length
    }
    // Age L + T/2 grows by T·p/(1 − p): one interval of work at p = 1/2.
    const grown = (lost(500_000) - lost(0)) / (60 * S)
    expect(grown).toBeGreaterThan(0.6)
    expect(grown).toBeLessThan(1.4)
    expect(job.run(input({ memoryless: false, table: failureTable(3600 * S, 0.6) })).complete).toBe(true)
  })

  it('ends when the steps are used up', () => {
    expect(job.run(input({ mostSteps: 500 })).complete).toBe(false)
  })
})
