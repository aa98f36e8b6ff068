/**
 * Properties over plans and values of the user's own.
 *
 * fast-check draws both and hands them over; it does not shrink at first (`endOnFailure`), since it shrinks for "fails",
 * which slips into another bug. What fails is made small in turns, always for the same fingerprint: the plan by Cutline's own
 * shrinker under the drawn values, then the values by fast-check under the small plan, then the plan once more.
 */
import type fc from 'fast-check'
import { type RunnerTestCase, test } from 'vitest'
import { InputError } from '../check/index.ts'
import type { Scenario } from '../dataflow/index.ts'
import { budgetOf } from './budget.ts'
import { addPlace, errorAt } from './error-at.ts'
import type { FinishedRun, PropExample } from './prop-subject.ts'
import { propSurvival } from './prop-survival.ts'
import { type Survival, satisfies, survivalMessage } from './survival.ts'
import { recordSurvival } from './survival-meta.ts'
import { type EffortOptions, OPTION_NAMES, readEffort, refuseUnknown, type SubjectOptions } from './survive-options.ts'
import { timeLeftMs } from './time-left.ts'

export interface PlanPropOptions<T> extends SubjectOptions, EffortOptions {
  /** Runs that are made first: a failure prints its own, so that it can be seen again. */
  readonly examples?: readonly PropExample<T>[] | undefined
}

/** Registers the property as a test. */
export type RegisterProp<T> = (
  name: string,
  /**
   * Asserts about a run that has come to its end without a broken assumption; must be synchronous. Oracles and invariants
   * watch every run anyway, so it may be left out.
   */
  body?: (run: FinishedRun, values: T) => void,
  /** The test's timeout. */
  timeoutMs?: number,
) => void

export type MakeProp = <T extends Record<string, unknown>>(
  /** The dataflow, or one for each drawing of the values. */
  job: Scenario | ((values: NoInfer<T>) => Scenario),
  /** What is drawn beside the plan, as fast-check's arbitraries by name. */
  arbitraries: { readonly [K in keyof T]: fc.Arbitrary<T[K]> },
  options?: PlanPropOptions<NoInfer<T>>,
) => RegisterProp<T>

/** The options that `toSurvive` has as well, and its own. */
const KNOWN = [...OPTION_NAMES.filter((name) => name !== 'token'), 'examples']

const maker =
  (register: typeof test.only): MakeProp =>
  (job, arbitraries, options = {}) =>
  (name, body, timeoutMs) => {
    const here = new Error()
    register(
      name,
      async ({ task }) => {
        const survival = await survivalAt(here, () => {
          refuseUnknown(options, KNOWN)
          const budget = budgetOf(readEffort(options), timeLeftMs(task))
          return propSurvival({ name, job, arbitraries, options, body }, budget)
        })
        recordSurvival(task as Readonly<RunnerTestCase>, survival, true)
        if (!satisfies(survival, true)) throw failure(survival, here)
      },
      timeoutMs,
    )
  }

/** What cannot be used, or be made a job of, is shown where the property is registered. */
async function survivalAt(here: Error, find: () => Promise<Survival>): Promise<Survival> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof InputError) throw errorAt(error.message, here)
    if (error instanceof Error) addPlace(error, here)
    throw error
  }
}

/**
 * The failure as vitest shows it best: at the line of the assertion or the user function that threw, with its diff, else
 * where the property is registered.
 */
function failure(survival: Survival, here: Error): Error {
  const { thrown } = survival
  const error = errorAt(survivalMessage(survival, true), thrown instanceof Error ? thrown : here)
  if (thrown instanceof Error && 'actual' in thrown && 'expected' in thrown)
    Object.assign(error, { actual: thrown.actual, expected: thrown.expected })
  return error
}

/**
 * A test over many plans, each with values that fast-check draws beside it: of a dataflow that depends on the values, of what
 * a run has committed, or of both.
 *
 * ```ts
 * planProp((values) => shop(values.orders), { orders: fc.array(order, { minLength: 1 }) })(
 *   'every order is shipped once',
 *   ({ committed }, { orders }) => expect(committed['shipments']).toHaveLength(orders.length),
 * )
 * ```
 *
 * `planProp.only` and `planProp.skip` register as `test.only` and `test.skip` do.
 */
export const planProp: MakeProp & { readonly only: MakeProp; readonly skip: MakeProp } = Object.assign(maker(test), {
  only: maker(test.only),
  skip: maker(test.skip),
})
