/** Faults of the metadata quorum in plans: drawn where there is one, carried by tokens, and made to happen. */
import { describe, expect, it } from 'vitest'
import haFailover from '../../scenarios/ha-failover.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { Check } from '../../src/check/index.ts'
import { packPlan, unpackPlan } from '../../src/check/packed-plan.ts'
import { readPlan } from '../../src/check/plan-codec.ts'
import { type Fault, type Plan, QUORUM_EFFECTS, QUORUM_LINKS } from '../../src/model/index.ts'
import { aligned } from '../../src/protocols/index.ts'

const check = new Check({ scenario: haFailover, protocol: aligned, seed: 'quorum plans', store: 'paxos' })
const plans = Array.from({ length: 400 }, (_, index) => check.plan(index))
const ofNode = ({ target }: Fault): boolean => typeof target === 'object' && 'quorumNode' in target
const ofMessage = ({ target }: Fault): boolean =>
  typeof target === 'object' && 'effect' in target && (QUORUM_EFFECTS as readonly string[]).includes(target.effect)
const hasAny = ({ faults }: Plan): boolean => faults.some((fault) => ofNode(fault) || ofMessage(fault))

describe('faults of the quorum', () => {
  it('are drawn where the store is one, and all kinds of them', () => {
    const faults = plans.flatMap((plan) => plan.faults)
    expect([...new Set(faults.filter(ofNode).map(({ what }) => what))].sort()).toEqual([
      'crash-node',
      'drift-clock',
      'lose-disk',
      'partition-node',
      'pause-node',
    ])
    const links = faults.flatMap(({ target }) => (typeof target === 'object' && 'link' in target ? [target.link] : []))
    expect([...new Set(links)].sort()).toEqual([...QUORUM_LINKS].sort())
    expect(faults.some(ofMessage)).toBe(true)
    expect(plans.filter(hasAny).length / plans.length).toBeGreaterThan(0.5)
  })

  it('are drawn nowhere else, and take nothing away from what is drawn there', () => {
    for (const scenario of [haFailover, keyedState]) {
      const other = new Check({ scenario, protocol: aligned, seed: 'quorum plans' })
      const drawn = plans.map((_, index) => other.plan(index))
      expect(drawn.filter(hasAny)).toEqual([])
      if (scenario === haFailover)
        drawn.forEach((plan, index) => {
          expect(plans[index]!.faults.slice(0, plan.faults.length)).toEqual(plan.faults)
        })
    }
  })

  it('come back from tokens as they were', () => {
    for (const plan of plans) {
      const packed = JSON.parse(JSON.stringify(packPlan(plan)))
      expect(readPlan(unpackPlan(plan.scenario, packed))).toEqual(plan)
    }
  })

  it('strike', () => {
    const struck = new Set<string>()
    for (let index = 0; index < 150; index += 1) {
      const { plan, result } = check.run(index)
      expect(result.finding).toBeNull()
      plan.faults.forEach((fault, i) => {
        if (result.fired[i] && ofNode(fault)) struck.add(fault.what)
      })
    }
    expect(struck.size).toBe(5)
  })

  it('that name no such node or link are refused', () => {
    const withTarget = (target: unknown) => () =>
      readPlan({ ...plans[0], faults: [{ what: 'partition-node', target, when: { at: 1 }, forUs: 1 }] })
    expect(withTarget({ quorumNode: 9, link: 'in' })).toThrow("must be 'leader' or an integer from 0 to 7, but is 9")
    expect(withTarget({ quorumNode: 0, link: 'up' })).toThrow("must be one of peers, out, in, all, but is 'up'")
    expect(withTarget({ quorumNode: 0, link: 'in' })).not.toThrow()
  })
})
