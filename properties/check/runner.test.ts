import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import everything from '../../scenarios/everything.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { drawPlan, Runner } from '../../src/check/index.ts'
import { memoryInUse } from '../../src/kernel/index.ts'
import type { Plan } from '../../src/model/index.ts'
import { aligned } from '../../src/protocols/index.ts'
import { PLAIN_RUN } from './goldens.ts'
import { planOf, UNIT } from './scripted.ts'

const graph = keyedState.graph()
const drawn = (index: number): Plan => drawPlan(keyedState, graph, `runner/${index}`, index, { protocol: 'aligned' })
const newRunner = (): Runner => new Runner(keyedState, aligned)
/** A plan of one of 30 shapes. */
const shaped = (index: number): Plan => ({
  ...drawn(index),
  parallelism: {
    numbers: 1 + (index % 3),
    count: 1 + (Math.floor(index / 3) % 5),
    sink: 1 + (Math.floor(index / 15) % 2),
  },
})

describe('a run', () => {
  it('is a pure function of the plan, whatever ran before and in whichever runner', () => {
    const fresh = (plan: Plan): string => newRunner().run(plan).digest
    const used = newRunner()
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 6 }), (indices) => {
        for (const index of indices) expect(used.run(shaped(index)).digest).toBe(fresh(shaped(index)))
      }),
      { numRuns: 12 },
    )
  })

  it('is the same after more shapes than are kept, in any order of use', () => {
    const want = Array.from({ length: 28 }, (_, i) => newRunner().run(shaped(i)).digest)
    const runner = newRunner()
    const order = [
      ...Array.from({ length: 24 }, (_, i) => i),
      ...Array.from({ length: 23 }, (_, i) => i),
      24,
      25,
      24,
      26,
      25,
      0,
      27,
      24,
      23,
    ]
    for (const index of order) expect(runner.run(shaped(index)).digest, `shape ${index}`).toBe(want[index])
  })

  it('is the same after clusters were given up because memory ran short', () => {
    const runner = newRunner()
    const small = shaped(1)
    const wide: Plan = { ...drawn(1), records: 20, parallelism: { numbers: 70, count: 70, sink: 1 } }
    const first = [small, wide].map((plan) => runner.run(plan).digest)
    expect(memoryInUse()).toBeGreaterThan(0.5)
    expect(runner.run(shaped(2)).finding).toBe(null)
    expect(memoryInUse()).toBeLessThan(0.5)
    expect([small, wide].map((plan) => runner.run(plan).digest)).toEqual(first)
    expect(runner.run(shaped(2)).finding).toBe(null)
  })

  it('does not change when somebody looks: twins, trace and listener leave the digest alone', () => {
    const runner = newRunner()
    for (let i = 0; i < 20; i += 1) {
      const { digest } = runner.run(drawn(i))
      expect(runner.run(drawn(i), { twinned: true, keepTrace: true, listener: { observer: {} } }).digest).toBe(digest)
    }
  })

  it('differs from the run of another plan: another seed, another fault, an override', () => {
    const runner = newRunner()
    const plan = planOf({})
    const plans: Plan[] = [
      plan,
      { ...plan, seed: 's/2' },
      { ...plan, records: 99 },
      { ...plan, timing: { ...plan.timing, operatorCostUs: 9 * UNIT } },
      { ...plan, faults: [{ what: 'crash-jobmanager', target: 'job-manager', when: { at: 500 * UNIT } }] },
      { ...plan, overrides: [['first checkpoint delay', 1, 17]] },
    ]
    expect(new Set(plans.map((of) => runner.run(of).digest)).size).toBe(plans.length)
  })

  it('takes an override in place of a drawn value', () => {
    const runner = newRunner()
    const plan = planOf({})
    const triggered: number[] = []
    const listener = { observer: { triggered: () => void triggered.push(runner.now) } }
    for (const value of [0, 100_000, 300_000])
      runner.run({ ...plan, overrides: [['first checkpoint delay', 1, value]] }, { listener: { ...listener } })
    const firsts = triggered.filter((at, i) => i === 0 || at < triggered[i - 1]!)
    expect([firsts[1]! - firsts[0]!, firsts[2]! - firsts[0]!]).toEqual([100_000, 300_000])
  })

  it('says how it ended, and what was committed', () => {
    const { end, finding, committed, fired, steps, virtualUs, digest, digestWords, tally } = newRunner().run(planOf({}))
    expect([end, finding, fired]).toEqual(['done', null, []])
    expect({ steps, virtualUs, digest }).toEqual(PLAIN_RUN)
    expect(committed.counts).toHaveLength(100)
    expect(digest).toBe(digestWords.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(''))
    expect([tally.records, tally.checkpointsCompleted, tally.restores]).toEqual([100, 3, 0])
  })

  it('keeps its last events, with names, if it is asked to', () => {
    const runner = newRunner()
    const { steps } = runner.run(planOf({}), { keepTrace: true })
    const entries = [...runner.trace.entries()]
    expect(entries).toHaveLength(Math.min(steps, 16_384))
    const names = new Set(entries.map(({ to }) => runner.entityName(to)))
    for (const name of [
      'count[0]@tm1',
      'job-manager',
      'checkpoint-coordinator',
      'enumerator of numbers',
      'task manager 0',
    ])
      expect(names).toContain(name)
    expect(entries.at(-1)!.time).toBe(runner.now)
  })

  it('sees phases: those that any of its runs came to', () => {
    const runner = newRunner()
    runner.run(planOf({}))
    const seen: number[] = []
    runner.phasesSeen(seen)
    expect(seen.filter((one) => one === 1).length).toBeGreaterThan(25)
  })

  it('holds the invariants of the scenario at its end', () => {
    const strict = { ...keyedState, invariants: [{ name: 'never', check: () => 'it cannot' }] }
    const runner = new Runner(strict, aligned)
    expect(runner.run(planOf({})).finding).toMatchObject({
      fingerprint: 'invariant/never',
      message: "The invariant 'never' does not hold: it cannot.",
    })
    // a run in which an assumption is broken is not held to them
    const lost: Plan = planOf({
      faults: [
        { what: 'slow', target: { effect: 'metadata' }, when: { phase: 'metadata-begin', nth: 1 }, forUs: 500 * UNIT },
        { what: 'expire-transactions', target: 'external', when: { phase: 'metadata-begin', nth: 1 } },
      ],
    })
    expect(runner.run(lost).finding).toBe(null)
  })

  it('hands invariants the inputs of each source, split after split', () => {
    const seen: unknown[] = []
    const nosy = {
      ...everything,
      invariants: [
        {
          name: 'look',
          check: (_: unknown, inputs: (uid: string) => readonly unknown[]) => void seen.push(inputs('numbers')),
        },
      ],
    }
    new Runner(nosy, aligned).run(planOf({ scenario: everything, records: 30 }))
    expect((seen[0] as { id: number }[]).map(({ id }) => id)).toEqual(Array.from({ length: 30 }, (_, i) => i))
  })
})
