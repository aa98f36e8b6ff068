import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Runner } from '../../src/check/index.ts'
import { anchorOf, phasesOf } from '../../src/check/phase-log.ts'
import { type FaultKind, PHASE_NAMES, type Role } from '../../src/model/index.ts'
import { aligned, drawn, keyedState } from './subjects.ts'

const runner = new Runner(keyedState, aligned)
const index = fc.nat(1_000_000)

describe('a listener', () => {
  it('hears every phase and every strike, and changes nothing', () => {
    fc.assert(
      fc.property(index, (i) => {
        const plan = drawn(i)
        const phases = new Set<number>()
        const strikes: FaultKind[] = []
        const heard = runner.run(plan, {
          listener: {
            observer: { phase: (code) => void phases.add(code) },
            strikes: (what) => (hit) => void (hit && strikes.push(what)),
          },
        })
        const alone = runner.run(plan)
        expect(heard.digest).toBe(alone.digest)
        expect(phases.size).toBeGreaterThan(10)
        expect(Math.max(...phases)).toBeLessThan(PHASE_NAMES.length)
        const fired = plan.faults.filter((_, k) => alone.fired[k] === true).map(({ what }) => what)
        expect(strikes.sort()).toEqual(fired.sort())
      }),
      { numRuns: 40 },
    )
  })

  it('may leave out what it does not want to hear', () => {
    const plan = drawn(11)
    expect(runner.run(plan, { listener: {} }).digest).toBe(runner.run(plan).digest)
  })
})

describe('the log of phases', () => {
  it('gives anchors at which a fault strikes at the very time of the occurrence', () => {
    let struck = 0
    fc.assert(
      fc.property(index, fc.nat(), (i, at) => {
        const plan = drawn(i)
        const log = phasesOf(runner, plan)
        const occurrence = log[at % log.length]!
        const crash = {
          what: 'crash-jobmanager',
          target: 'job-manager',
          when: anchorOf(occurrence),
        } as const
        const times: number[] = []
        const result = runner.run(
          { ...plan, faults: [...plan.faults, crash] },
          {
            listener: {
              strikes: (what: FaultKind, target: Role) => (hit) => {
                if (hit && what === crash.what && target === 'job-manager') times.push(runner.now)
              },
            },
          },
        )
        // it misses if no job manager is there to crash
        if (result.fired.at(-1) !== true) return
        struck += 1
        expect(times).toContain(occurrence.atUs)
      }),
      { numRuns: 60 },
    )
    expect(struck).toBeGreaterThan(30)
  })

  it('counts from one, and anew after each restore', () => {
    const crash = { what: 'crash-task', target: { operator: 'count', subtask: 0 } } as const
    const faults = [
      { ...crash, when: { phase: 'metadata-end', nth: 1 } } as const,
      { ...crash, when: { phase: 'job-running', nth: 1, restore: 1 } } as const,
    ]
    const log = phasesOf(runner, { ...drawn(1), faults })
    const running = log.filter(({ phase }) => phase === 'job-running')
    expect(running.map(({ nth, restore, nthSinceRestore }) => [nth, restore, nthSinceRestore])).toEqual([
      [1, 0, 1],
      [2, 1, 1],
      [3, 2, 1],
    ])
    expect(log.map(({ atUs }) => atUs)).toEqual([...log].map(({ atUs }) => atUs).sort((a, b) => a - b))
  })
})
