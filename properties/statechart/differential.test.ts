import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileChart } from '../../src/statechart/index.ts'
import { type Compared, differential } from './differential.ts'
import { gate } from './entities.ts'
import { randomChart } from './random-chart.ts'

// For more by hand: CHARTS=20000 npx vitest run properties/statechart/differential.test.ts
const numRuns = Number(process.env.CHARTS ?? 250)

describe('a compiled chart against the actor of XState', () => {
  it('agrees on random charts: states, actions in order, questions, answers and timers', { timeout: 3_600_000 }, () => {
    const total: Compared = { events: 0, unexpected: 0, questions: 0, actions: 0, armed: 0, fired: 0, ended: 0 }
    fc.assert(
      fc.property(randomChart, fc.integer(), (chart, seed) => {
        const compared = differential(chart, { seed, runs: 2, steps: 25 })
        for (const key of Object.keys(total) as (keyof Compared)[]) total[key] += compared[key]
      }),
      { numRuns },
    )
    if (process.env.CHARTS !== undefined) console.log(`${numRuns} charts: ${JSON.stringify(total)}`)
    expect(total.events).toBe(numRuns * 2 * 25)
    // Nothing is left out of the comparison.
    for (const [what, count] of Object.entries(total)) expect(count, what).toBeGreaterThan(0)
  })

  it('agrees on the chart of these tests', () => {
    expect(differential(gate, { runs: 50, steps: 40 }).events).toBe(2000)
  })

  it('finds a table that differs', () => {
    const lazy: typeof compileChart = (chart, overrides, dispatch) => {
      const compiled = compileChart(chart, overrides, dispatch)
      return { ...compiled, send: (self, code, event) => code === 1 || compiled.send(self, code, event) }
    }
    expect(() => differential(gate, { compile: lazy })).toThrow(/differ: XState .*, table .*, after\n {2}boot on/)
    const forgetful: typeof compileChart = (chart, overrides, dispatch) =>
      compileChart(chart, { ...overrides, actions: { admit: () => {} } }, dispatch)
    expect(() => differential(gate, { compile: forgetful })).toThrow('steps differ')
  })
})
