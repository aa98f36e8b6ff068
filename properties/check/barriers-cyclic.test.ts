/** Where there are no loops, barriers that go round them are Flink's aligned ones. */
import { describe, expect, it } from 'vitest'
import { scenarios } from '../../scenarios/index.ts'
import { Check, digestOf } from '../../src/check/index.ts'
import type { Scenario } from '../../src/dataflow/index.ts'
import type { Protocol } from '../../src/model/index.ts'
import { aligned, barriersCyclic } from '../../src/protocols/index.ts'

describe('without loops', () => {
  const acyclic = scenarios.filter((of) => of.graph().edges.every(({ feedback }) => feedback === undefined))
  const digest = (scenario: Scenario, protocol: Protocol): string =>
    digestOf(new Check({ scenario, protocol, seed: 'loops' }).batch([0, 1, 2]))

  it.each(acyclic)('barriers-cyclic is aligned, event by event: $name', (of) => {
    expect(digest(of, barriersCyclic)).toBe(digest(of, aligned))
  })
})
