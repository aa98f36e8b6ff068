import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Runner } from '../../src/check/index.ts'
import { planArbitrary } from '../../src/check/plan-arbitrary.ts'
import { canonicalPlan, readPlan, requireFit } from '../../src/check/plan-codec.ts'
import { shrink } from '../../src/check/shrink.ts'
import type { Plan } from '../../src/model/index.ts'
import { aligned, graph, keyedState, tooFar } from './subjects.ts'

const plans = planArbitrary(keyedState, { protocol: 'aligned' })

describe('an arbitrary of plans', () => {
  it('stands beside arbitraries of the user in a property', () => {
    const runner = new Runner(keyedState, aligned)
    fc.assert(
      fc.property(plans, fc.integer({ min: 1, max: 60 }), (plan, records) => {
        expect(runner.run({ ...plan, records }).finding).toBeNull()
      }),
      { numRuns: 50 },
    )
  })

  it('makes plans that are fit to be run, hardly ever the same twice', () => {
    const sample = fc.sample(plans, { numRuns: 200, seed: 1 })
    for (const plan of sample) requireFit(readPlan(plan), graph)
    expect(new Set(sample.map(canonicalPlan)).size).toBe(200)
  })

  it('gives the same plans for the same seed of fast-check', () => {
    expect(fc.sample(plans, { numRuns: 5, seed: 7 })).toEqual(fc.sample(plans, { numRuns: 5, seed: 7 }))
  })

  it('keeps to the classes of faults that are asked for', () => {
    const crashes = planArbitrary(keyedState, { protocol: 'aligned', faults: ['crash-task'], bug: 'x' })
    const sample = fc.sample(crashes, { numRuns: 100, seed: 1 })
    expect(new Set(sample.flatMap(({ faults }) => faults.map(({ what }) => what)))).toEqual(new Set(['crash-task']))
    expect(new Set(sample.map(({ bug }) => bug))).toEqual(new Set(['x']))
  })

  it('hands the failing plan over as it was drawn, while what stands beside it shrinks', () => {
    const runner = new Runner(keyedState, aligned, tooFar)
    const failed: Plan[] = []
    const details = fc.check(
      fc.property(plans, fc.array(fc.integer()), (plan, beside) => {
        const fails = beside.length >= 2 && runner.run(plan).finding !== null
        if (fails) failed.push(plan)
        return !fails
      }),
      { seed: 3, numRuns: 1000 },
    )
    const [plan, beside] = details.counterexample!
    expect(plan).toEqual(failed[0])
    expect(beside).toEqual([0, 0])
    const { finding } = runner.run(plan)
    expect(shrink(runner, plan, finding!).finding.fingerprint).toBe(finding!.fingerprint)
  })
})
