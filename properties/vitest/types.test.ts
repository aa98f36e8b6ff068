/** What the compiler takes and what it refuses; `npm run typecheck` is the test. */
import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import keyedState from '../../scenarios/keyed-state.ts'
import type { BugDefinition, Scenario } from '../../src/index.ts'
import { aligned } from '../../src/index.ts'
import type { CheckOptions, FinishedRun, SurviveOptions } from '../../src/vitest/index.ts'
import { planProp } from '../../src/vitest/index.ts'

describe('the type of toSurvive', () => {
  it('takes what can be checked, and gives a promise', () => {
    const assertion = expect(keyedState)
    expectTypeOf(assertion.toSurvive).toBeFunction()
    expectTypeOf(assertion.toSurvive).parameter(0).toEqualTypeOf<SurviveOptions | undefined>()
    expectTypeOf(assertion.toSurvive).returns.toEqualTypeOf<Promise<void>>()
    expectTypeOf(assertion.not.toSurvive).returns.toEqualTypeOf<Promise<void>>()
  })

  it('is not there for what is no scenario', () => {
    expectTypeOf(expect(5).toSurvive).toBeNever()
    expectTypeOf(expect('keyed-state').toSurvive).toBeNever()
    expectTypeOf(expect({} as Scenario | string).toSurvive).not.toBeNever()
  })

  it('knows its options', () => {
    expectTypeOf<CheckOptions['time']>().toEqualTypeOf<number | string | undefined>()
    expectTypeOf<CheckOptions['runs']>().toEqualTypeOf<number | undefined>()
    expectTypeOf<CheckOptions['bug']>().toEqualTypeOf<BugDefinition | undefined>()
    expectTypeOf({ time: '10s', runs: 5, seed: 'a', faults: ['crash', 'put'] as const }).toExtend<SurviveOptions>()
    expectTypeOf({ protocol: aligned, faults: [] }).toExtend<SurviveOptions>()
    expectTypeOf({ token: 'cutline:v1:…', protocol: 'aligned' }).toExtend<SurviveOptions>()
    // a setting that may be missing, such as one from the environment
    expectTypeOf({ runs: undefined as number | undefined }).toExtend<SurviveOptions>()
    expectTypeOf({ faults: ['crashes'] as const }).not.toExtend<SurviveOptions>()
    expectTypeOf({ runs: '5' }).not.toExtend<SurviveOptions>()
    // a token is one run
    expectTypeOf({ token: 'cutline:v1:…', runs: 5 }).not.toExtend<SurviveOptions>()
  })
})

describe('the type of planProp', () => {
  const arbitraries = { orders: fc.array(fc.string()), limit: fc.nat() }
  type Values = { orders: string[]; limit: number }

  it('gives the values to job and body as they are drawn', () => {
    const register = planProp((values) => {
      expectTypeOf(values).toEqualTypeOf<Values>()
      return keyedState
    }, arbitraries)
    expectTypeOf(register).parameter(0).toEqualTypeOf<string>()
    expectTypeOf(register).parameter(1).toEqualTypeOf<((run: FinishedRun, values: Values) => void) | undefined>()
    expectTypeOf(register).parameter(2).toEqualTypeOf<number | undefined>()
  })

  it('takes examples of these values only', () => {
    planProp(keyedState, arbitraries, { runs: 5, examples: [{ token: '…', values: { orders: ['a'], limit: 1 } }] })
    // @ts-expect-error limit is a number
    planProp(keyedState, arbitraries, { examples: [{ token: '…', values: { orders: [], limit: 'a' } }] })
    // @ts-expect-error a plain value is not drawn
    planProp(keyedState, { limit: 5 })
    // @ts-expect-error a token is an example
    planProp(keyedState, arbitraries, { token: '…' })
  })
})
