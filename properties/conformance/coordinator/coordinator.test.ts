/** Whether the comparison with real Flink can fail: agreement is tested in suites.test.ts. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { suiteFiles } from '../suite-file.ts'
import { replayCoordinator } from '../suites/coordinator.ts'
import { replayFailureManager } from '../suites/failure-manager.ts'
import type { CoordinatorCase } from './coordinator-case.ts'
import { twoStageLayout } from './two-stage-layout.ts'
import { VirtualExecutor } from './virtual-executor.ts'

const casesOf = (name: string): readonly unknown[] =>
  suiteFiles('properties/fixtures')
    .find(({ suite }) => suite === name)!
    .cases()
const cases = casesOf('coordinator') as readonly CoordinatorCase[]

/** A value that is not this one. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (value === null) return 7
  if (Array.isArray(value)) return value.slice(0, -1).concat(value.length === 0 ? [99] : [])
  return `${value}?`
}

describe('a case that is changed in one field of one step', () => {
  it('disagrees at that step, whatever the field', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.nat(), fc.nat(), (one, which, what) => {
        const step = which % one.steps.length
        const { ev, ...fields } = one.steps[step]! as { ev: unknown } & Record<string, unknown>
        const names = Object.keys(fields)
        const name = names[what % names.length]
        if (name === undefined) return
        seen.add(name)
        const changed = { ...fields, [name]: otherThan(fields[name]) }
        const steps = one.steps.map((own, i) => (i === step ? ({ ev, ...changed } as typeof own) : own))
        const outcome = replayCoordinator({ ...one, steps })
        expect([outcome.agreed, outcome.steps]).toEqual([false, step])
      }),
      { numRuns: 400 },
    )
    expect(seen.size).toBeGreaterThan(12)
  })

  it('disagrees in the failure manager as well', () => {
    const [first] = casesOf('failure_manager') as Parameters<typeof replayFailureManager>
    const [step, ...rest] = first!.steps
    expect(replayFailureManager({ ...first!, steps: [{ ...step!, count: step!.count + 1 }, ...rest] }).agreed).toBe(
      false,
    )
    expect(replayFailureManager(first!).agreed).toBe(true)
  })
})

describe('the executor of the vectors', () => {
  it('does what is handed over first in, first out, and a hop later what is handed over again', () => {
    const executor = new VirtualExecutor()
    const done: string[] = []
    executor.schedule(0, () => done.push('timer'))
    executor.execute(2, () => done.push('two'))
    executor.execute(1, () => {
      done.push('one')
      executor.next(() => done.push('next'))
    })
    executor.execute(1, () => done.push('another'))
    executor.settle()
    expect(done).toEqual(['one', 'next', 'another', 'two', 'timer'])
  })

  it('runs timers by due time, then by when they were set, unless they are cancelled', () => {
    const executor = new VirtualExecutor()
    const done: string[] = []
    executor.schedule(20, () => done.push(`late at ${executor.now}`))
    executor.schedule(10, () => done.push(`first at ${executor.now}`))
    executor.schedule(10, () => done.push('second'))
    const cancelled = executor.schedule(5, () => done.push('never'))
    expect([executor.cancel(cancelled), executor.cancel(cancelled)]).toEqual([true, false])
    executor.advance(15)
    expect([done, executor.now]).toEqual([['first at 10', 'second'], 15])
    executor.advance(5)
    expect(done.at(-1)).toBe('late at 20')
  })
})

describe('the layout of the vectors', () => {
  const wired = (srcP: number, sinkP: number, edge: 'all' | 'pointwise'): string[] =>
    twoStageLayout({ ...cases[0]!.cfg, srcP, sinkP, edge }).channels.map(({ from, to }) => `${from}->${to}`)
  it('deals channels out as Flink does', () => {
    expect(wired(2, 2, 'all')).toEqual(['0->2', '0->3', '1->2', '1->3'])
    expect(wired(2, 2, 'pointwise')).toEqual(['0->2', '1->3'])
    expect(wired(1, 2, 'pointwise')).toEqual(['0->1', '0->2'])
    expect(wired(2, 1, 'pointwise')).toEqual(['0->2', '1->2'])
    expect(wired(2, 0, 'all')).toEqual([])
  })
})
