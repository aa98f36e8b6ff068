import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { meanEstimate, relativeHalfWidth } from '../../src/intervals/estimate.ts'
import { untilPrecise } from '../../src/intervals/sequential-stopping.ts'

describe('untilPrecise', () => {
  const sampler = () => {
    const random = seedrandom('stopping')
    const samples: number[] = []
    return {
      samples,
      run: () => {
        for (let i = 0; i < 20; i += 1) samples.push(1 + random())
        return true
      },
      progress: () => ({ samples: samples.length, estimate: () => meanEstimate(samples) }),
    }
  }

  it('stops at the first run that is precise enough', () => {
    const { samples, run, progress } = sampler()
    const { runs, reached } = untilPrecise({ precision: 0.02, leastSamples: 40, mostRuns: 1000 }, run, progress)
    expect(reached).toBe(true)
    expect(relativeHalfWidth(meanEstimate(samples))).toBeLessThanOrEqual(0.02)
    expect(relativeHalfWidth(meanEstimate(samples.slice(0, -20)))).toBeGreaterThan(0.02)
    expect(samples).toHaveLength(20 * runs)
  })

  it('needs about four times the runs for half the width', () => {
    const runsFor = (precision: number): number => {
      const { run, progress } = sampler()
      return untilPrecise({ precision, leastSamples: 40, mostRuns: 10_000 }, run, progress).runs
    }
    expect(runsFor(0.01) / runsFor(0.02)).toBeGreaterThan(3)
    expect(runsFor(0.01) / runsFor(0.02)).toBeLessThan(5)
  })

  it('trusts no interval of few samples, however narrow', () => {
    let made = 0
    const rule = { precision: 0.5, leastSamples: 5, mostRuns: 100 }
    const one = (): boolean => {
      made += 1
      return true
    }
    const samples = (): number[] => new Array<number>(made).fill(7)
    const stopped = untilPrecise(rule, one, () => ({ samples: made, estimate: () => meanEstimate(samples()) }))
    expect(stopped).toEqual({ runs: 5, reached: true })
  })

  it('ends unprecise at the last run, or when a run says that it was the last', () => {
    const { run, progress } = sampler()
    const rule = { precision: 1e-6, leastSamples: 1, mostRuns: 3 }
    expect(untilPrecise(rule, run, progress)).toEqual({ runs: 3, reached: false })
    expect(untilPrecise(rule, () => false, progress)).toEqual({ runs: 1, reached: false })
  })
})
