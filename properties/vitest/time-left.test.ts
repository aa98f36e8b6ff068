import { describe, expect, it, type RunnerTestCase } from 'vitest'
import { timeLeftMs } from '../../src/vitest/time-left.ts'

interface Moment {
  readonly timeout?: number
  /** How long ago the test began. */
  readonly agoMs?: number
  readonly retryCount?: number
  readonly concurrent?: boolean
}
const testAt = ({ timeout = 5000, agoMs = 0, retryCount = 0, concurrent = false }: Moment): RunnerTestCase =>
  ({ timeout, concurrent, result: { state: 'run', startTime: Date.now() - agoMs, retryCount } }) as RunnerTestCase

describe('the time that a test has left', () => {
  it('is what its timeout leaves since it began', () => {
    const leftMs = timeLeftMs(testAt({ agoMs: 2000 }))
    expect(leftMs).toBeLessThanOrEqual(3000)
    expect(leftMs).toBeGreaterThan(2000)
  })

  it('is unlimited without a timeout', () => {
    expect(timeLeftMs(testAt({ timeout: 0 }))).toBe(Number.POSITIVE_INFINITY)
    expect(timeLeftMs(testAt({ timeout: Number.POSITIVE_INFINITY }))).toBe(Number.POSITIVE_INFINITY)
  })

  it.each([
    ['is tried again', { agoMs: 3000, retryCount: 1 }],
    ['waited for its turn', { agoMs: 3000, concurrent: true }],
    ['had hooks that took longer', { agoMs: 9000 }],
  ])('counts from the first call of a test that %s', (_, moment) => {
    expect(timeLeftMs(testAt(moment))).toBeGreaterThan(4000)
  })

  it('goes down from call to call', async () => {
    const test = testAt({ concurrent: true })
    const first = timeLeftMs(test)
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(timeLeftMs(test)).toBeLessThan(first - 3)
  })
})
