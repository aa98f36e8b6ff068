/** Costs that drawn plans leave out, and records that arrive by the clock: the oracles hold with them, too. */
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { Check, drawPlan, Runner } from '../../src/check/index.ts'
import type { Scenario, Split } from '../../src/dataflow/index.ts'
import type { Plan } from '../../src/model/index.ts'
import { aligned } from '../../src/protocols/index.ts'

const [scenario] = scenarios as readonly [Scenario, ...Scenario[]]
const check = new Check({ scenario, protocol: aligned, seed: 'costs' })
const costly = (plan: Plan, units: number): Plan => {
  const us = units * plan.timing.unitUs
  return { ...plan, timing: { ...plan.timing, snapshotCostUs: us, putTimeUs: 2 * us, restoreTimeUs: 3 * us } }
}

/** The scenario with sources whose records come one by one, `everyUs` apart. @param onRead told when the record read arrives */
function clocked(of: Scenario, everyUs: number, onRead: (arrivesAtUs: number) => void): Scenario {
  const arriving = (split: Split): Split => ({
    id: split.id,
    length: split.length,
    read(position) {
      onRead(position * everyUs)
      return split.read(position)
    },
    arrivesAtUs: (position) => position * everyUs,
  })
  return {
    ...of,
    graph(parallelism) {
      const graph = of.graph(parallelism)
      const vertices = graph.vertices.map((vertex) =>
        vertex.source === undefined
          ? vertex
          : {
              ...vertex,
              source: {
                ...vertex.source,
                splits: (...args: Parameters<typeof vertex.source.splits>) =>
                  vertex.source!.splits(...args).map(arriving),
              },
            },
      )
      return { ...graph, vertices }
    },
  }
}

describe('costs of snapshots, uploads and restores', () => {
  it('change nothing at 0', () => {
    for (let index = 0; index < 10; index += 1) {
      const plan = check.plan(index)
      const { digest } = check.runner.run(plan)
      expect(check.runner.run(costly(plan, 0)).digest).toBe(digest)
    }
  })

  it('make runs longer, and no oracle objects', () => {
    for (let index = 0; index < 60; index += 1) {
      const plan = check.plan(index)
      const { finding } = check.runner.run(costly(plan, 30), { twinned: index % 8 === 0 })
      expect(finding).toBeNull()
    }
  })
})

describe('records that arrive by the clock', () => {
  it('are not read before they arrive, and no oracle objects', () => {
    let reads = 0
    let early = 0
    const slow = clocked(scenario, 3000, (arrivesAtUs) => {
      reads += 1
      if (runner.now < arrivesAtUs) early += 1
    })
    const runner = new Runner(slow, aligned)
    for (let index = 0; index < 40; index += 1) {
      const plan = drawPlan(slow, slow.graph(), `clocked/${index}`, index, { protocol: aligned.name })
      expect(runner.run(plan).finding).toBeNull()
    }
    expect(reads).toBeGreaterThan(1000)
    expect(early).toBe(0)
  })
})
