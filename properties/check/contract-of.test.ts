import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { judgedInvariants, Runner } from '../../src/check/index.ts'
import type { Invariant, Scenario } from '../../src/dataflow/index.ts'
import { type Guarantee, gives } from '../../src/model/index.ts'
import { aligned, atLeastOnce, barriersCyclic } from '../../src/protocols/index.ts'
import { planOf } from './scripted.ts'

const broken = (name: string, more: Partial<Invariant> = {}): Invariant => ({
  name,
  check: () => 'it never does',
  ...more,
})
const withInvariants = (...invariants: Invariant[]): Scenario => ({ ...keyedState, invariants })
const names = (of: readonly { readonly name: string }[]): string[] => of.map(({ name }) => name)

describe('a guarantee', () => {
  it('gives itself, and exactly once gives all', () => {
    const all: readonly Guarantee[] = ['exactly-once', 'at-least-once', 'at-most-once']
    expect(all.map((given) => all.filter((needed) => gives(given, needed)))).toEqual([
      all,
      ['at-least-once'],
      ['at-most-once'],
    ])
  })
})

describe('the invariants of a scenario', () => {
  it('are checked if the protocol gives what they need; others are skipped for what is there in their place', () => {
    const last = broken('last')
    const scenario = withInvariants(
      broken('always'),
      broken('strict', { needs: 'exactly-once', otherwise: broken('lax', { needs: 'at-most-once', otherwise: last }) }),
      broken('alone', { needs: 'exactly-once' }),
      broken('least', { needs: 'at-least-once' }),
    )
    const under = (protocol: typeof aligned) => {
      const { checked, skipped } = judgedInvariants(scenario, protocol)
      return [names(checked), names(skipped)]
    }
    expect(under(aligned)).toEqual([['always', 'strict', 'alone', 'least'], []])
    expect(under(atLeastOnce)).toEqual([
      ['always', 'last', 'least'],
      ['strict', 'lax', 'alone'],
    ])
  })

  it('are those that a run is held to', () => {
    const scenario = withInvariants(broken('strict', { needs: 'exactly-once' }))
    expect(new Runner(scenario, aligned).run(planOf({})).finding?.fingerprint).toBe('invariant/strict')
    expect(new Runner(scenario, atLeastOnce).run(planOf({})).finding).toBe(null)
  })

  it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    'of %s: all are checked under exactly once, and there is something to check without',
    (_, scenario) => {
      // plain barriers lose what is in a loop
      const cyclic = scenario.graph().edges.some(({ feedback }) => feedback === true)
      const strict = judgedInvariants(scenario, cyclic ? barriersCyclic : aligned)
      const lax = judgedInvariants(scenario, atLeastOnce)
      expect([strict.checked, strict.skipped]).toEqual([scenario.invariants, []])
      expect(lax.checked.length).toBeGreaterThan(0)
      const temporal = scenario.temporal.filter(({ needs }) => needs !== undefined)
      expect(lax.skipped).toEqual([...temporal, ...scenario.invariants.flatMap(unmetByRepeats)])
    },
  )
})

/** An invariant that records which come twice may break, and those in its place that they may break, too. */
function unmetByRepeats(invariant: Invariant): Invariant[] {
  const { needs, otherwise } = invariant
  if (needs !== 'exactly-once' && needs !== 'at-most-once') return []
  return [invariant, ...(otherwise === undefined ? [] : unmetByRepeats(otherwise))]
}
