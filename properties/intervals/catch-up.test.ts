import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  intervalForRecoveryMs,
  peakLagMs,
  recoveryMs,
  recoveryTime,
  recoveryWithCheckpointsMs,
  replayAge,
  secondFailure,
} from '../../src/intervals/index.ts'

const duration = fc.double({ min: 1, max: 1e6, noNaN: true })
const load = fc.double({ min: 0.01, max: 0.95, noNaN: true })
const probability = fc.double({ min: 0.001, max: 0.999, noNaN: true })

describe('recovery time', () => {
  it('is when arrivals and work meet', () => {
    fc.assert(
      fc.property(duration, duration, load, (downtimeMs, ageMs, rho) => {
        const recovered = recoveryMs({ downtimeMs, load: rho }, ageMs)
        const arrived = rho * (ageMs + recovered)
        const worked = recovered - downtimeMs
        expect(arrived / worked).toBeCloseTo(1, 9)
      }),
    )
  })

  it('is the outage alone without load, and no record waits longer than outage and age', () => {
    expect(recoveryMs({ downtimeMs: 500, load: 0 }, 60_000)).toBe(500)
    expect(peakLagMs(500, 60_000)).toBe(60_500)
  })

  it('with checkpoints: equals the plain formula before the first one, and a walk through time after', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 1, max: 19 }),
        fc.integer({ min: 20, max: 300 }),
        fc.integer({ min: 0, max: 19 }),
        (downtimeMs, ageMs, twentieths, intervalMs, costMs) => {
          const rho = twentieths / 20
          const input = { downtimeMs, load: rho }
          const recovered = recoveryWithCheckpointsMs(input, { intervalMs, costMs }, ageMs)
          const plain = recoveryMs(input, ageMs)
          if (plain - downtimeMs <= intervalMs) expect(recovered).toBeCloseTo(plain, 6)
          expect(recovered).toBeGreaterThanOrEqual(plain - 1e-6)
          // Walk: an interval's work, then the pause, until the work done has caught up with the arrivals.
          let elapsed = 0
          let worked = 0
          for (let period = 0; period < 20_000; period += 1) {
            const paused = period === 0 ? 0 : costMs
            const missing = rho * (ageMs + downtimeMs + elapsed + paused) - worked
            const needed = missing / (1 - rho)
            if (needed <= intervalMs - paused + 1e-6) {
              expect(Math.abs(downtimeMs + elapsed + paused + needed - recovered)).toBeLessThan(1e-3)
              return
            }
            worked += intervalMs - paused
            elapsed += intervalMs
          }
          expect(recovered === Number.POSITIVE_INFINITY || recovered > 20_000 * intervalMs).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('recovery time as a distribution', () => {
  it('has a quantile that the cdf undoes', () => {
    fc.assert(
      fc.property(duration, duration, load, probability, (downtimeMs, intervalMs, rho, q) => {
        const age = replayAge({ intervalMs, latencyMs: intervalMs / 10, failedShare: 0.1 })
        const plain = recoveryTime({ downtimeMs, load: rho }, age)
        expect(plain.cdf(plain.quantile(q))).toBeCloseTo(q, 6)
        const checkpoints = { intervalMs, costMs: intervalMs * 0.04 }
        const paid = recoveryTime({ downtimeMs, load: rho }, age, checkpoints)
        const value = paid.quantile(q)
        if (value === Number.POSITIVE_INFINITY) return
        // Jumps where one more checkpoint falls into the catch-up: just before a value there is less, at it q is reached.
        expect(paid.cdf(value * (1 + 1e-9))).toBeGreaterThanOrEqual(q - 1e-6)
        expect(paid.cdf(value * (1 - 1e-6))).toBeLessThanOrEqual(q + 1e-6)
      }),
    )
  })

  it('has the mean of the formula, and a larger one with checkpoints paid for', () => {
    const age = replayAge({ intervalMs: 60_000, latencyMs: 5000 })
    const input = { downtimeMs: 30_000, load: 0.8 }
    const plain = recoveryTime(input, age)
    expect(plain.meanMs).toBeCloseTo((30_000 + 0.8 * 35_000) / 0.2, 6)
    expect(recoveryTime(input, age, { intervalMs: 60_000, costMs: 1000 }).meanMs).toBeGreaterThan(plain.meanMs)
  })

  it('never ends where checkpoints leave less than the load', () => {
    const age = replayAge({ intervalMs: 1000, latencyMs: 500 })
    const recovery = recoveryTime({ downtimeMs: 1000, load: 0.7 }, age, { intervalMs: 1000, costMs: 400 })
    expect(recovery.quantile(0.5)).toBe(Number.POSITIVE_INFINITY)
    expect(recovery.cdf(1e12)).toBe(0)
  })
})

describe('interval for a recovery goal', () => {
  it('is where the quantile of the recovery is the goal', () => {
    fc.assert(
      fc.property(
        duration,
        load,
        probability,
        fc.double({ min: 1.01, max: 20, noNaN: true }),
        (downtimeMs, rho, quantile, slack) => {
          const latencyMs = downtimeMs / 10
          const goalMs = recoveryMs({ downtimeMs, load: rho }, latencyMs) * slack
          const goal = { downtimeMs, load: rho, latencyMs, failedShare: 0.05, goalMs, quantile }
          const intervalMs = intervalForRecoveryMs(goal)
          if (intervalMs < latencyMs) return
          const recovery = recoveryTime(
            { downtimeMs, load: rho },
            replayAge({ intervalMs, latencyMs, failedShare: 0.05 }),
          )
          expect(recovery.quantile(quantile) / goalMs).toBeCloseTo(1, 6)
        },
      ),
    )
  })

  it('is A_max − L in the worst case', () => {
    // (60 s·0.5 − 10 s)/0.5 = 40 s of age, 5 s of them the checkpoint itself.
    const goal = { downtimeMs: 10_000, load: 0.5, latencyMs: 5000, goalMs: 60_000, quantile: 1 }
    expect(intervalForRecoveryMs(goal)).toBeCloseTo(35_000, 6)
    expect(intervalForRecoveryMs({ ...goal, load: 0 })).toBe(Number.POSITIVE_INFINITY)
  })

  it('refuses goals that nothing meets', () => {
    const goal = { downtimeMs: 10_000, load: 0.5, latencyMs: 5000, goalMs: 20_000, quantile: 0.9 }
    expect(() => intervalForRecoveryMs(goal)).toThrow(
      'catch-up: no interval recovers within 20 s: a downtime of 10 s at a load of 0.5 and a checkpoint of 5 s take 25 s alone; shorten the downtime, add capacity, or relax the goal',
    )
    expect(() => intervalForRecoveryMs({ ...goal, goalMs: 60_000, failedShare: 0.1, quantile: 1 })).toThrow(
      'ask for a quantile below 1',
    )
    expect(() => recoveryMs({ downtimeMs: 0, load: 1 }, 1)).toThrow(
      'a backlog shrinks only with a load in [0, 1), got 1',
    )
    expect(() =>
      secondFailure({ downtimeMs: 1000, load: 0.9, ageMs: 1000, intervalMs: 1000, latencyMs: 0, mtbfMs: 20_000 }),
    ).toThrow('simulate instead, or add capacity')
  })
})

describe('a second failure', () => {
  /** Recovery when exactly one more failure strikes, at time u after the first. */
  function recoveryWithOneMore(job: Parameters<typeof secondFailure>[0], u: number): number {
    const lagAtRestart = job.ageMs + job.downtimeMs
    const running = u - job.downtimeMs
    let ageAtSecond = job.ageMs + u
    for (let k = 1; k * job.intervalMs + job.latencyMs <= running; k += 1) {
      const lagAtTrigger = lagAtRestart - k * job.intervalMs * (1 / job.load - 1)
      ageAtSecond = lagAtTrigger + running - k * job.intervalMs
    }
    return u + recoveryMs(job, ageAtSecond)
  }

  it.each([
    { load: 0.5, downtimeMs: 30, ageMs: 100, intervalMs: 300, latencyMs: 10, mtbfMs: 3000 },
    { load: 0.7, downtimeMs: 5, ageMs: 60, intervalMs: 20, latencyMs: 15, mtbfMs: 5000 },
    { load: 0.8, downtimeMs: 30, ageMs: 60, intervalMs: 50, latencyMs: 45, mtbfMs: 20_000 },
  ])('is weighed over all its moments: load $load, interval $intervalMs', (job) => {
    const alone = recoveryMs(job, job.ageMs)
    const steps = 200_000
    let expected = alone * Math.exp(-alone / job.mtbfMs)
    for (let k = 0; k < steps; k += 1) {
      const u = ((k + 0.5) / steps) * alone
      expected += ((alone / steps) * Math.exp(-u / job.mtbfMs) * recoveryWithOneMore(job, u)) / job.mtbfMs
    }
    expect(secondFailure(job).expectedRecoveryMs / expected).toBeCloseTo(1, 6)
  })
})
