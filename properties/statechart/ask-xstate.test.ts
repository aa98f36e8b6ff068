import fc from 'fast-check'
import { expect, it } from 'vitest'
import { askTrees, type DecisionTree } from '../../src/statechart/index.ts'
import { gate } from './entities.ts'
import { randomChart } from './random-chart.ts'

it('answers with trees that stay within the chart', () => {
  fc.assert(
    fc.property(randomChart, (chart) => {
      const { leaves, events, timers, trees, initialLeaf } = askTrees(chart)
      expect(leaves[initialLeaf]).toBe('boot')
      expect(events).toHaveLength(chart.events.length + timers.length)
      expect(trees.map((row) => row.length)).toEqual(leaves.map(() => events.length))
      const check = (tree: DecisionTree) => {
        for (const operation of tree.operations) {
          if (operation.kind === 'action') expect(chart.actions).toContain(operation.name)
          else expect(timers[operation.timer]).toBeDefined()
          if (operation.kind === 'arm') expect(operation.delay).toBe(timers[operation.timer]?.delay)
        }
        if ('guard' in tree) {
          expect(chart.guards).toContain(tree.guard)
          check(tree.yes)
          check(tree.no)
        } else expect(leaves[tree.leaf]).toBeDefined()
      }
      for (const tree of trees.flat()) if (tree !== null) check(tree)
    }),
    { numRuns: 20 },
  )
})

it('asks once a chart, however many mutants are made of it', () => {
  expect(askTrees(gate)).toBe(askTrees(gate))
})
