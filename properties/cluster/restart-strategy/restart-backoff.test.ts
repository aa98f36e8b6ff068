import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { restartBackoffOf } from '../../../src/cluster/restart-strategy/index.ts'
import {
  exponentialDelayRestart,
  failureRateRestart,
  type JobSettings,
  type RestartStrategy,
} from '../../../src/dataflow/index.ts'
import { extent, lease, release } from '../../../src/kernel/index.ts'

let start = extent()
afterEach(() => {
  release(lease(start))
  start = extent()
})

const SECOND = 1_000_000
const settings = (strategy: RestartStrategy | null): JobSettings => ({
  checkpointIntervalMs: 1000,
  mode: 'EXACTLY_ONCE',
  maxParallelism: 128,
  ...strategy,
})
const backoffOf = (strategy: RestartStrategy | null, jitter: (offset: number) => number = () => 0) => {
  const backoff = restartBackoffOf(settings(strategy), { attempts: 2, delay: 5 * SECOND }, jitter)
  backoff.reset()
  return backoff
}

describe('the restart strategy', () => {
  it('is the plan’s fixed delay for a job that names none', () => {
    const backoff = backoffOf(null)
    const told = [1, 2, 3].map((s) => [backoff.mayRestart(s), backoff.notifyFailure(s), backoff.backoff(s)])
    expect(told).toEqual([
      [true, true, 5 * SECOND],
      [true, true, 5 * SECOND],
      [false, true, 5 * SECOND],
    ])
    backoff.reset()
    expect(backoff.mayRestart(4)).toBe(true)
  })

  it('of a failure rate gives up when one more than it allows lie within the interval', () => {
    const backoff = backoffOf(failureRateRestart(2, '10s', '1s'))
    const told = [0, 5, 10, 30, 31].map((s) => {
      const may = backoff.mayRestart(s * SECOND)
      backoff.notifyFailure(s * SECOND)
      return may
    })
    expect(told).toEqual([true, true, false, true, true])
    expect(backoff.backoff(31 * SECOND)).toBe(SECOND)
  })

  it('of an exponential delay has the defaults of Flink: from 1 s to 1 min, times 1.5, anew after an hour', () => {
    const backoff = backoffOf(exponentialDelayRestart())
    let now = 0
    const delays: number[] = []
    for (let i = 0; i < 12; i += 1) {
      backoff.notifyFailure(now)
      delays.push(backoff.backoff(now) / 1000)
      now += backoff.backoff(now) + SECOND
    }
    expect(delays).toEqual([
      1000, 1500, 2250, 3375, 5062.5, 7593.75, 11390.625, 17085.937, 25628.906, 38443.359, 57665.039, 60000,
    ])
    backoff.notifyFailure(now + 3600 * SECOND)
    expect(backoff.backoff(now + 3600 * SECOND)).toBe(SECOND)
  })

  it('of an exponential delay never leaves its bounds, whatever the jitter and however long the row', () => {
    const strategy = exponentialDelayRestart({ initialBackoff: 10, maxBackoff: '1s', jitterFactor: 1 })
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 120 }), (shares) => {
        let share = 0
        const backoff = backoffOf(strategy, (offset) => Math.trunc(offset * share))
        let now = 0
        for (share of shares) {
          expect(backoff.mayRestart(now)).toBe(true)
          expect(backoff.notifyFailure(now)).toBe(true)
          const delay = backoff.backoff(now)
          expect(delay).toBeGreaterThanOrEqual(10_000)
          expect(delay).toBeLessThanOrEqual(SECOND)
          expect(backoff.notifyFailure(now + delay)).toBe(false)
          now += delay + 1
        }
      }),
    )
  })

  it('of an exponential delay ends after the attempts it is given', () => {
    const backoff = backoffOf(exponentialDelayRestart({ attemptsBeforeResetBackoff: 2 }))
    const told = [0, 100, 200].map((s) => {
      const may = backoff.mayRestart(s * SECOND)
      backoff.notifyFailure(s * SECOND)
      return may
    })
    expect(told).toEqual([true, true, false])
  })
})
