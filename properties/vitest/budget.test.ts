import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../src/check/index.ts'
import { budgetOf } from '../../src/vitest/budget.ts'

const left = fc.oneof(fc.integer({ min: 200, max: 3_600_000 }), fc.constant(Number.POSITIVE_INFINITY))
const runs = fc.option(fc.integer({ min: 1, max: 1e9 }), { nil: undefined })

describe('the budget of a check', () => {
  it('ends before the timeout, with time left to shrink and to tell', () => {
    fc.assert(
      fc.property(left, runs, (leftMs, runs) => {
        const { runMs, endMs, giveUpMs } = budgetOf({ timeMs: undefined, runs }, leftMs)
        expect(runMs).toBeGreaterThan(0)
        if (leftMs === Number.POSITIVE_INFINITY) return
        expect(runMs).toBeLessThanOrEqual(endMs * 0.8)
        expect(endMs).toBeLessThan(giveUpMs)
        expect(giveUpMs).toBeLessThanOrEqual(leftMs - 25)
      }),
    )
  })

  it('takes half of what is left if nothing is asked for, but at most 10 s', () => {
    expect(budgetOf({ timeMs: undefined, runs: undefined }, 5000)).toMatchObject({ runMs: 2250, byTime: true })
    expect(budgetOf({ timeMs: undefined, runs: undefined }, 60_000).runMs).toBe(10_000)
    expect(budgetOf({ timeMs: undefined, runs: undefined }, Number.POSITIVE_INFINITY).runMs).toBe(10_000)
  })

  it('makes as many runs as asked for, and is not complete before', () => {
    expect(budgetOf({ timeMs: undefined, runs: 300 }, 5000)).toMatchObject({ runs: 300, byTime: false })
    expect(budgetOf({ timeMs: undefined, runs: 300 }, Number.POSITIVE_INFINITY).runMs).toBe(Number.POSITIVE_INFINITY)
    expect(budgetOf({ timeMs: 1000, runs: 300 }, 5000)).toMatchObject({ runs: 300, runMs: 1000, byTime: true })
  })

  it('takes a time that fits as it is, and refuses one that does not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 100_000 }), (timeMs, leftMs) => {
        const budget = (): unknown => budgetOf({ timeMs, runs: undefined }, leftMs)
        if (timeMs <= leftMs * 0.9 - 50) expect(budget()).toMatchObject({ runMs: timeMs })
        else if (timeMs >= leftMs) expect(budget).toThrow(InputError)
      }),
    )
  })

  it('refuses a test that has no time left', () => {
    for (const leftMs of [-100, 0, 50])
      expect(() => budgetOf({ timeMs: undefined, runs: 1 }, leftMs)).toThrow(/the test's timeout leaves 0 ms: give/)
  })
})
