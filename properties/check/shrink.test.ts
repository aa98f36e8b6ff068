import { describe, expect, it } from 'vitest'
import { Runner, replay, tokenOf } from '../../src/check/index.ts'
import { readPlan, requireFit } from '../../src/check/plan-codec.ts'
import { shrink } from '../../src/check/shrink.ts'
import type { Mutation } from '../../src/model/index.ts'
import { aligned, drawn, failing, graph, keyedState, noBlock, noWait, tooFar } from './subjects.ts'

const never = { what: 'crash-jobmanager', target: 'job-manager', when: { phase: 'aligned', nth: 1_000_000 } } as const

describe.each<[string, Mutation]>([
  ['a source that goes on too far', tooFar],
  ['an alignment that does not block', noBlock],
  ['a restart that does not wait', noWait],
])('shrinking %s', (_, mutation) => {
  const runner = new Runner(keyedState, aligned, mutation)

  it.each(['a', 'b', 'c'])('keeps the fingerprint and gets small, seed %s', (seed) => {
    const { plan, finding } = failing(runner, 0, seed)
    const small = shrink(runner, { ...plan, faults: [never, ...plan.faults] }, finding)

    expect(small.finding.fingerprint).toBe(finding.fingerprint)
    expect(small.to.faults).toBeLessThanOrEqual(3)
    expect(small.to.records).toBeLessThanOrEqual(25)
    expect(small.from).toEqual({ faults: plan.faults.length + 1, records: Math.min(100, plan.records), parallelism: 2 })
    expect(small.to).toEqual({
      faults: small.plan.faults.length,
      records: small.plan.records,
      parallelism: Math.max(...Object.values(small.plan.parallelism)),
    })
    for (const key of ['faults', 'records', 'parallelism'] as const)
      expect(small.to[key]).toBeLessThanOrEqual(small.from[key])
    // every fault that is left has a cause, not a time, and strikes
    for (const { when } of small.plan.faults) expect(when).toHaveProperty('phase')
    requireFit(readPlan(small.plan), graph)
    const token = tokenOf(keyedState, small.plan, small.finding.fingerprint, small.digest)
    const replayed = replay(token, () => new Runner(keyedState, aligned, mutation))
    expect(replayed.answer).toBe('same')
    expect(replayed.fired).toEqual(small.plan.faults.map(() => true))
  })
})

describe('shrinking', () => {
  it('needs no fault and one subtask where none and one suffice', () => {
    const runner = new Runner(keyedState, aligned, { parts: { acknowledgesEarly: () => true } })
    const { plan, finding } = failing(runner, 1)
    const small = shrink(runner, plan, finding)
    expect(small.to).toEqual({ faults: 0, records: 1, parallelism: 1 })
    expect(small.plan.taskManagers).toBe(1)
    expect(small.plan.timing).toMatchObject({
      maxConcurrentCheckpoints: 1,
      minPauseUs: 0,
      retainedCheckpoints: 1,
      tolerableFailedCheckpoints: 0,
      channelCapacity: 4,
    })
  })

  it('does not slip into the other bug if there are two', () => {
    const both = new Runner(keyedState, aligned, { ...noBlock, ...tooFar })
    let kept = 0
    for (let i = 0; i < 10; i += 1) {
      const plan = drawn(i, 'both')
      const { finding } = both.run(plan)
      if (finding === null) continue
      kept += 1
      expect(shrink(both, plan, finding, { evaluations: 60 }).finding.fingerprint).toBe(finding.fingerprint)
    }
    expect(kept).toBeGreaterThan(6)
  })

  it('is a function of the plan: the same result whenever it is done', () => {
    const first = new Runner(keyedState, aligned, tooFar)
    const { plan, finding } = failing(first)
    const small = shrink(first, plan, finding)
    expect(shrink(new Runner(keyedState, aligned, tooFar), plan, finding)).toEqual(small)
  })

  it('ends at its budget, with what it has', () => {
    const runner = new Runner(keyedState, aligned, tooFar)
    const { plan, finding } = failing(runner)
    for (const evaluations of [1, 5, 20]) {
      const small = shrink(runner, plan, finding, { evaluations })
      // two runs come first: with twins and without; the log of phases takes one more
      expect(small.evaluations).toBeLessThanOrEqual(evaluations + 10)
      expect(small.finding.fingerprint).toBe(finding.fingerprint)
    }
  })

  it('ends when it is told to', () => {
    const runner = new Runner(keyedState, aligned, tooFar)
    const { plan, finding } = failing(runner)
    let asked = 0
    const small = shrink(runner, plan, finding, { stop: () => ++asked > 3 })
    expect(small.evaluations).toBeLessThan(15)
    expect(small.finding.fingerprint).toBe(finding.fingerprint)
    const stopped = shrink(runner, plan, finding, { stop: () => true })
    expect(stopped.plan).toEqual(plan)
    expect(stopped.to).toEqual(stopped.from)
  })

  it('drops overrides that do nothing', () => {
    const runner = new Runner(keyedState, aligned, { parts: { acknowledgesEarly: () => true } })
    const { plan, finding } = failing(runner)
    const overrides = [1, 2, 3].map((key) => ['nowhere', key, 0] as const)
    expect(shrink(runner, { ...plan, overrides }, finding).plan.overrides).toEqual([])
  })

  it('counts the records that there are where a plan asks for all of them', () => {
    const runner = new Runner(keyedState, aligned, { parts: { acknowledgesEarly: () => true } })
    const { plan, finding } = failing(runner)
    expect(shrink(runner, { ...plan, records: 2 ** 31 - 1 }, finding).from.records).toBe(100)
  })

  it('refuses a plan that does not fail as it is said to', () => {
    const sound = new Runner(keyedState, aligned)
    expect(() => shrink(sound, drawn(0), { fingerprint: 'splits/gap' })).toThrow(
      'the plan was to be shrunk for splits/gap, but its run passes: take the finding of this very plan and mutation',
    )
    const runner = new Runner(keyedState, aligned, noBlock)
    const { plan, finding } = failing(runner)
    expect(() => shrink(runner, plan, { fingerprint: 'splits/gap' })).toThrow(
      `but its run fails with ${finding.fingerprint}`,
    )
  })
})
