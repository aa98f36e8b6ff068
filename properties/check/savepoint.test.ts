import { describe, expect, it } from 'vitest'
import keyedState from '../../scenarios/keyed-state.ts'
import skewedJoin from '../../scenarios/skewed-join.ts'
import { withSavepoints } from '../../scenarios/with-savepoints.ts'
import { Check, drawPlan, Runner, tokenOf } from '../../src/check/index.ts'
import { decodeToken } from '../../src/check/token.ts'
import { describeFault, FAULT_CLASSES, type Fault, type Plan } from '../../src/model/index.ts'
import { Judge } from '../../src/oracles/index.ts'
import { aligned, alignedTimeout, atLeastOnce, type PendingCheckpoint, unaligned } from '../../src/protocols/index.ts'

const runs = (n: number): number[] => Array.from({ length: n }, (_, i) => i)
const isSavepoint = ({ what }: Fault): boolean => what === 'savepoint'
const asked: Fault = {
  what: 'savepoint',
  target: 'job-manager',
  when: { phase: 'metadata-applied', nth: 1 },
}

describe('plans', () => {
  const planOf = (index: number, scenario = keyedState, faults?: Parameters<typeof drawPlan>[4]['faults']): Plan =>
    drawPlan(scenario, scenario.graph(), `savepoint/${index}`, index, {
      protocol: aligned.name,
      ...(faults === undefined ? {} : { faults }),
    })

  it('ask for savepoints only where the faults name them or the scenario asks for it', () => {
    for (const index of runs(300)) expect(planOf(index).faults.some(isSavepoint)).toBe(false)
    const among = (plans: readonly Plan[]): boolean => plans.some(({ faults }) => faults.some(isSavepoint))
    expect(among(runs(50).map((index) => planOf(index, keyedState, [...FAULT_CLASSES, 'savepoint'])))).toBe(true)
    expect(among(runs(50).map((index) => planOf(index, withSavepoints(keyedState))))).toBe(true)
  })
  it('leave everything else as it is where they do', () => {
    for (const index of runs(100)) {
      const { faults, ...rest } = planOf(index, withSavepoints(keyedState))
      expect(rest).toMatchObject({ seed: `savepoint/${index}`, scenario: 'keyed-state' })
      expect(faults.filter(isSavepoint).length).toBeLessThanOrEqual(3)
    }
  })
  it('go through tokens', () => {
    const plan = { ...planOf(0), faults: [asked] }
    expect(decodeToken(tokenOf(keyedState, plan, 'a/b', '0000000000000000')).plan).toEqual(plan)
    expect(describeFault(asked)).toBe('a savepoint is asked for at the 1st metadata-applied')
  })
})

describe('a savepoint', () => {
  /** What is taken in a run that nothing else happens to. */
  function takenIn(scenario: typeof keyedState, protocol: typeof aligned) {
    const taken: Parameters<Judge['savepointTaken']>[0][] = []
    const heard = Judge.prototype.savepointTaken
    Judge.prototype.savepointTaken = function (this: Judge, savepoint) {
      taken.push(savepoint)
      heard.call(this, savepoint)
    }
    try {
      const plan = new Check({ scenario, protocol, seed: 'savepoint', faults: [] }).plan(0)
      const { finding } = new Runner(scenario, protocol).run({ ...plan, faults: [asked] })
      expect(finding).toBeNull()
    } finally {
      Judge.prototype.savepointTaken = heard
    }
    return taken
  }
  it.each([aligned, atLeastOnce, unaligned, alignedTimeout])('is taken under $name', (protocol) => {
    expect(takenIn(keyedState, protocol)).toMatchObject([{ kind: 1 }])
    expect(takenIn(skewedJoin, protocol)).toMatchObject([{ kind: 1 }])
  })
  it.each([aligned, atLeastOnce, unaligned, alignedTimeout])('comes through every fault under $name', (protocol) => {
    const total = new Check({ scenario: withSavepoints(keyedState), protocol, seed: 'savepoint' }).batch(runs(200))
    expect(total.failure).toBeNull()
    expect(total.faults.savepoint).toBeGreaterThan(50)
  })
  it('is found out when its files are deleted', () => {
    const runner = new Runner(keyedState, aligned, {
      charts: {
        'pending-checkpoint': {
          actions: {
            handOver(pending: PendingCheckpoint, e: Parameters<PendingCheckpoint['handOver']>[0]) {
              const file = pending.files.at(0) - 1
              pending.handOver(e)
              pending.host.discard(file)
            },
          },
        },
      },
    })
    const plan = new Check({ scenario: keyedState, protocol: aligned, seed: 'savepoint', faults: [] }).plan(0)
    expect(runner.run({ ...plan, faults: [asked] }).finding?.fingerprint).toBe('storage/file-of-savepoint-deleted')
  })
})
