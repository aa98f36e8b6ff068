/** Monte Carlo against the closed forms: processes written from their description, not from the formulas. */
import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import {
  exponentialFailures,
  type FailureDistribution,
  failedCheckpointFactor,
  renewalUtilisation,
  replayAge,
  secondFailure,
  utilisation,
  vaidya1997,
  weibullFailuresWithMean,
} from '../../src/intervals/index.ts'

interface Job {
  intervalMs: number
  costMs: number
  latencyMs: number
  restartMs: number
  failedShare: number
}

/**
 * Works in periods of intervalMs (work, then the cost); a checkpoint becomes durable latency − cost after its period.
 * A failure at the end of an uptime throws back to the last durable one; then comes the restart, which may fail, too.
 */
function simulateUtilisation(
  job: Job,
  uptime: () => number,
  failedAt: () => number,
  uptimes: number,
  random: () => number,
) {
  let useful = 0
  let total = 0
  for (let k = 0; k < uptimes; k += 1) {
    const up = uptime()
    let saved = 0
    for (let period = 1; period * job.intervalMs + job.latencyMs - job.costMs <= up; period += 1)
      if (random() >= job.failedShare) saved = period
    useful += saved * (job.intervalMs - job.costMs)
    total += up
    for (let failure = failedAt(); ; failure = failedAt()) {
      total += Math.min(failure, job.restartMs)
      if (failure >= job.restartMs) break
    }
  }
  return useful / total
}

describe('utilisation', () => {
  const mtbfMs = 3600
  const cases: Job[] = [
    { intervalMs: 273, costMs: 10, latencyMs: 10, restartMs: 30, failedShare: 0 },
    { intervalMs: 60, costMs: 10, latencyMs: 10, restartMs: 30, failedShare: 0 },
    { intervalMs: 900, costMs: 10, latencyMs: 10, restartMs: 30, failedShare: 0 },
    { intervalMs: 273, costMs: 10, latencyMs: 150, restartMs: 300, failedShare: 0 },
    { intervalMs: 273, costMs: 10, latencyMs: 100, restartMs: 30, failedShare: 0.3 },
    { intervalMs: 900, costMs: 100, latencyMs: 200, restartMs: 500, failedShare: 0.1 },
  ]

  it.each(cases)('of Poisson failures: $intervalMs, cost $costMs, latency $latencyMs, failed $failedShare', (job) => {
    const random = seedrandom('poisson')
    const exponential = (): number => -mtbfMs * Math.log(1 - random())
    const simulated = simulateUtilisation(job, exponential, exponential, 100_000, random)
    const formula = vaidya1997({ ...job, mtbfMs }) * failedCheckpointFactor(job.failedShare, job.intervalMs, mtbfMs)
    expect(Math.abs(simulated / formula - 1)).toBeLessThan(0.004)
    if (job.latencyMs === job.costMs && job.failedShare === 0) expect(formula).toBe(utilisation({ ...job, mtbfMs }))
  })

  it.each([0.5, 0.8, 1.5, 3])('of Weibull failures of shape %d', (shape) => {
    const failures = weibullFailuresWithMean(shape, mtbfMs)
    const random = seedrandom(`weibull ${shape}`)
    const scaleMs = mtbfMs / meanOfUnitScale(shape)
    const uptime = (): number => scaleMs * (-Math.log(1 - random())) ** (1 / shape)
    const job: Job = { intervalMs: 200, costMs: 10, latencyMs: 60, restartMs: 50, failedShare: 0.1 }
    const simulated = simulateUtilisation(job, uptime, () => Number.POSITIVE_INFINITY, 100_000, random)
    // The restart is free of failures here: infinite times count as its whole length.
    expect(Math.abs(simulated / renewalUtilisation({ ...job, failures }) - 1)).toBeLessThan(0.01)
  })

  it('agrees between the two models to second order of restart over MTBF', () => {
    for (const failures of [exponentialFailures(mtbfMs), weibullFailuresWithMean(1, mtbfMs)] as FailureDistribution[]) {
      const job: Job = { intervalMs: 200, costMs: 10, latencyMs: 60, restartMs: 36, failedShare: 0.1 }
      const renewal = renewalUtilisation({ ...job, failures })
      const vaidya = vaidya1997({ ...job, mtbfMs }) * failedCheckpointFactor(0.1, 200, mtbfMs)
      expect(Math.abs(renewal / vaidya - 1)).toBeLessThan(0.5 * (36 / 3600) ** 2 * 1.1)
    }
  })
})

/** Mean of a Weibull with scale 1: the integral of its survival, summed; the library uses Γ(1 + 1/k). */
function meanOfUnitScale(shape: number): number {
  let sum = 0
  const step = 0.001
  for (let x = step / 2; x < 30 ** (1 / shape); x += step) sum += Math.exp(-(x ** shape)) * step
  return sum
}

describe('replay age', () => {
  it.each([
    [60, 10, 0, 40],
    [60, 25, 0, 55],
    [100, 40, 1 / 3, 140],
  ])('interval %d, latency %d, failed %d: mean %d', (intervalMs, latencyMs, failedShare, mean) => {
    const random = seedrandom('age')
    const age = replayAge({ intervalMs, latencyMs, failedShare })
    expect(age.meanMs).toBeCloseTo(mean, 9)
    // A line of checkpoints, each failed or not, and failures at random moments on it.
    const count = 100_000
    const completed = Array.from({ length: count }, () => random() >= failedShare)
    const draws = 100_000
    const ages: number[] = []
    while (ages.length < draws) {
      const now = (1000 + random() * (count - 1000)) * intervalMs
      let last = Math.floor((now - latencyMs) / intervalMs)
      while (!completed[last]) last -= 1
      ages.push(now - last * intervalMs)
    }
    ages.sort((a, b) => a - b)
    expect(ages.reduce((sum, a) => sum + a, 0) / draws / mean).toBeCloseTo(1, 2)
    for (const q of [0.1, 0.5, 0.9, 0.99])
      expect(Math.abs(ages[Math.floor(q * draws)]! / age.quantile(q) - 1)).toBeLessThan(0.03)
  })
})

describe('failures during the catch-up', () => {
  /** From a failure on: outage, catch-up at capacity, checkpoints every interval after the restart, Poisson failures. */
  function simulateRecovery(
    job: { load: number; downtimeMs: number; ageMs: number; intervalMs: number; latencyMs: number; mtbfMs: number },
    random: () => number,
  ) {
    let elapsed = 0
    // How far the restored position lies behind, at the moment of the failure.
    let behind = job.ageMs
    let failures = 0
    for (;;) {
      const failsAfter = -job.mtbfMs * Math.log(1 - random())
      const lagAtRestart = behind + job.downtimeMs
      const catchUp = (job.load * lagAtRestart) / (1 - job.load)
      if (failsAfter >= job.downtimeMs + catchUp) return { elapsed: elapsed + job.downtimeMs + catchUp, failures }
      failures += 1
      elapsed += failsAfter
      const running = failsAfter - job.downtimeMs
      const durable = Math.max(0, Math.floor((running - job.latencyMs) / job.intervalMs))
      if (durable === 0) behind += failsAfter
      else {
        const trigger = durable * job.intervalMs
        behind = lagAtRestart - trigger * (1 / job.load - 1) + (running - trigger)
      }
    }
  }

  it.each([
    { load: 0.5, downtimeMs: 30, ageMs: 100, intervalMs: 300, latencyMs: 10, mtbfMs: 3000 },
    { load: 0.8, downtimeMs: 30, ageMs: 60, intervalMs: 50, latencyMs: 10, mtbfMs: 10_000 },
    { load: 0.7, downtimeMs: 5, ageMs: 60, intervalMs: 20, latencyMs: 15, mtbfMs: 5000 },
  ])('load $load, interval $intervalMs', (job) => {
    const random = seedrandom('second')
    const draws = 200_000
    let total = 0
    let hit = 0
    for (let k = 0; k < draws; k += 1) {
      const { elapsed, failures } = simulateRecovery(job, random)
      total += elapsed
      if (failures > 0) hit += 1
    }
    const model = secondFailure(job)
    expect(Math.abs(hit / draws / model.probability - 1)).toBeLessThan(0.03)
    expect(Math.abs(total / draws / model.expectedRecoveryMs - 1)).toBeLessThan(0.02)
  })
})
