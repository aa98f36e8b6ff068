/** The correct system without alignment: nothing is lost, what may come twice is counted, and the twins agree. */
import { describe, expect, it } from 'vitest'
import everything from '../../scenarios/everything.ts'
import { scenarios } from '../../scenarios/index.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { Check, explain } from '../../src/check/index.ts'
import type { RecordWindow } from '../../src/model/index.ts'
import { aligned, atLeastOnce } from '../../src/protocols/index.ts'

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  it('has no finding', () => {
    const total = new Check({ scenario, protocol: atLeastOnce, seed: 'at least once' }).batch(indices(40))
    expect(total.failure).toBe(null)
    expect(total.restores).toBeGreaterThan(12)
    // in token-ring there is never more than one record under way
    expect(total.permitted['may-repeat']).toBeGreaterThan(scenario.records.max === 1 ? 10 : 30)
  })
})

describe('at least once', () => {
  const check = new Check({ scenario: keyedState, protocol: atLeastOnce, seed: 'windows' })

  it('opens windows of positions, and counts their records', () => {
    for (const index of indices(40)) {
      const { windows, permitted } = check.run(index).result.tally
      expect(windows.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(permitted.get('may-repeat') ?? 0)
      for (const { from, to, checkpoint } of windows) {
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeGreaterThan(from)
        expect(checkpoint).toBeGreaterThan(0)
      }
      expect(windows.map(({ atUs }) => atUs)).toEqual(windows.map(({ atUs }) => atUs).sort((a, b) => a - b))
    }
  })

  it('commits some records twice, which exactly once never does', () => {
    const committed = (of: Check, runs: number): number =>
      indices(runs).reduce((sum, index) => sum + of.run(index).result.committed.counts!.length, 0)
    const inputs = (of: Check, runs: number): number =>
      indices(runs).reduce((sum, index) => sum + Math.min(100, of.plan(index).records), 0)
    const calm = { scenario: keyedState, seed: 'twice', faults: ['crash-task'] } as const
    const exactly = new Check({ ...calm, protocol: aligned })
    expect(committed(exactly, 50)).toBe(inputs(exactly, 50))
    expect(committed(new Check({ ...calm, protocol: atLeastOnce }), 50)).toBeGreaterThan(inputs(exactly, 50))
  })

  it('has windows where there are several inputs only', () => {
    const alone = new Check({ scenario: keyedState, protocol: atLeastOnce, seed: 'alone' })
    for (const index of indices(20)) {
      const plan = { ...alone.plan(index), parallelism: { numbers: 1, count: 1, sink: 1 } }
      expect(alone.runner.run(plan).tally.windows).toEqual([])
    }
  })

  it('is told of in the story of a run', () => {
    const index = indices(60).find((i) => check.run(i).result.tally.windows.length > 0)!
    const { plan, result } = check.run(index)
    const told = explain(check.runner, plan).filter(({ who }) => who === 'oracle cut')
    const said = ({ checkpoint, place, from, to }: RecordWindow): string =>
      `lets a restore of checkpoint ${checkpoint} repeat record${to - from === 1 ? ` ${from}` : `s ${from} to ${to - 1}`} of ${place}`
    expect(told.map(({ what }) => what)).toEqual(result.tally.windows.map(said))
  })

  it('counts what an append log shows again apart from what is sent again', () => {
    const total = new Check({ scenario: everything, protocol: atLeastOnce, seed: 'permitted' }).batch(indices(60))
    expect(Object.keys(total.permitted).sort()).toEqual(['may-repeat', 'rewind-duplicate'])
  })
})
