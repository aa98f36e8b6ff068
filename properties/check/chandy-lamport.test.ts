/** The correct system under distributed snapshots: any task begins them, nothing waits for them, and nothing in flight is lost. */
import { describe, expect, it } from 'vitest'
import broadcastRules from '../../scenarios/broadcast-rules.ts'
import { scenarios } from '../../scenarios/index.ts'
import keyedState from '../../scenarios/keyed-state.ts'
import { Check } from '../../src/check/index.ts'
import { FAULT_CLASSES } from '../../src/model/index.ts'
import { chandyLamport } from '../../src/protocols/index.ts'

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  it('has no finding', () => {
    const settings = { scenario, protocol: chandyLamport, seed: 'snapshots', faults: FAULT_CLASSES }
    const total = new Check(settings).batch(indices(20))
    expect(total.failure).toBe(null)
    expect(total.restores).toBeGreaterThan(5)
    expect(total.inFlightRecords).toBeGreaterThan(0)
    expect(total.alignmentUs).toBe(0)
  })
})

describe('a distributed snapshot', () => {
  const check = new Check({ scenario: keyedState, protocol: chandyLamport, seed: 'begins' })

  it('is begun by sources and, of its own accord, by any other task', () => {
    const beginners = new Set<string>()
    for (const index of indices(40)) {
      const plan = check.plan(index)
      const seen = new Set<number>()
      const tasks = keyedState
        .graph(plan.parallelism)
        .vertices.flatMap(({ uid, parallelism }) => Array.from({ length: parallelism }, () => uid))
      check.runner.run(plan, {
        listener: {
          observer: {
            sync: ({ vertex }, checkpoint) => {
              if (seen.has(checkpoint)) return
              seen.add(checkpoint)
              beginners.add(tasks[vertex]!)
            },
          },
        },
      })
    }
    expect([...beginners].sort()).toEqual(['count', 'numbers', 'sink'])
  })

  it('finds every subtask with the same broadcast state, but for those to which an element is in flight', () => {
    const broken = new Check({
      scenario: broadcastRules,
      protocol: chandyLamport,
      seed: 'copies',
      bug: {
        id: 'one-copy-differs',
        title: '',
        mechanism: '',
        scenario: 'broadcast-rules',
        protocol: 'chandy-lamport',
        mutation: {
          parts: { handsOver: (nth, input, _restored, subtask) => !(subtask === 1 && input === 1 && nth === 2) },
        },
        oracles: ['state'],
        verdict: 'safety',
      },
    })
    const found = indices(20).map((index) => broken.run(index).result.finding?.fingerprint)
    expect(found).toContain('state/broadcast-differs:broadcast')
  })
})
