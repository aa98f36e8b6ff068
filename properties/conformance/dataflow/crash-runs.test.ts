/** A sample of the programs under crashes; `npm run conformance:crashes` runs them all, many times. */
import { describe, expect, it } from 'vitest'
import { aligned } from '../../../src/protocols/index.ts'
import { suiteFiles } from '../suite-file.ts'
import { crashPlan, crashRuns } from './crash-runs.ts'
import type { ProgramCase } from './program.ts'
import { scenarioOf } from './run-program.ts'
import { reasonsToDiffer } from './why-it-may-differ.ts'

const programs = suiteFiles('properties/fixtures')
  .find(({ suite }) => suite === 'dataflow')!
  .cases() as readonly ProgramCase[]
const sample = programs.filter((_, i) => i % 12 === 0)

describe('programs under crashes', () => {
  it('no oracle finds anything, and rows are those of Flink unless a reason holds', () => {
    let restores = 0
    const wrong: string[] = []
    for (const program of sample)
      for (const run of crashRuns(program, aligned, 2, 'sample')) {
        restores += run.restores
        if (run.finding !== undefined) wrong.push(`${program.id}, seed ${run.seed}: ${run.finding}`)
        if (run.difference !== undefined && reasonsToDiffer(program).length === 0)
          wrong.push(`${program.id}, seed ${run.seed}: ${JSON.stringify(run.difference)}`)
      }
    expect(wrong).toEqual([])
    expect(restores).toBeGreaterThan(sample.length)
  })
  it('plans follow from their seed', () => {
    const [program] = sample
    const plan = (seed: string) => crashPlan(scenarioOf(program!), program!.input.length, seed)
    expect(plan('a')).toEqual(plan('a'))
    expect(plan('a')).not.toEqual(plan('b'))
  })
  it('reasons are told from a run without faults', () => {
    const named = (id: string) => reasonsToDiffer(programs.find((program) => program.id === id)!)
    expect(named('timer_in_past_fires_next_watermark')).toEqual(['timer in the past'])
    expect(named('tumbling_boundaries')).toEqual([])
  })
})
