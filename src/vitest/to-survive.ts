/** Teaches vitest's `expect` the matcher, once imported. */
import { expect, type MatcherState, type RunnerTestCase } from 'vitest'
import { InputError } from '../check/index.ts'
import type { Scenario } from '../dataflow/index.ts'
import { budgetOf, PATIENCE_MS } from './budget.ts'
import { checkSurvival } from './check-survival.ts'
import { addPlace, errorAt } from './error-at.ts'
import { satisfies, survivalMessage } from './survival.ts'
import { recordSurvival } from './survival-meta.ts'
import {
  asScenario,
  type ReplayOptions,
  readEffort,
  readSettings,
  refuseUnknown,
  resolver,
  type SurviveOptions,
} from './survive-options.ts'
import { timeLeftMs } from './time-left.ts'
import { asWanted, replayGuarded, replayMessage } from './token-survival.ts'

declare module 'vitest' {
  interface Matchers<T> {
    /**
     * Crashes the dataflow in many seeded runs, no two the same, and checks at every step that what survives a recovery is a
     * consistent cut. Fails with the full report and the token of the smallest failing run. With `.not`, only a failure
     * satisfies it; a check that was vacuous or came to no end satisfies neither.
     *
     * ```ts
     * await expect(shop).toSurvive({ runs: 300, seed: 'demo' })
     * ```
     *
     * Await it: a check takes its time, half of the test's timeout at most unless it is told otherwise.
     */
    toSurvive: T extends Scenario ? (options?: SurviveOptions) => Promise<void> : never
  }
}

interface Matched {
  readonly pass: boolean
  readonly message: () => string
}

expect.extend({
  toSurvive(this: MatcherState, received: unknown, options: SurviveOptions = {}) {
    const here = new Error()
    const isNot = this.isNot === true // vitest leaves it undefined
    const matched = match(this.task, isNot, received, options).catch((error: unknown) => {
      if (error instanceof InputError) throw errorAt(error.message, here)
      if (error instanceof Error) addPlace(error, here)
      throw error
    })
    if (this.task !== undefined && this.soft !== true) waitFor(this.task, matched, isNot, here)
    return matched
  },
})

async function match(
  task: Readonly<RunnerTestCase> | undefined,
  isNot: boolean,
  received: unknown,
  options: SurviveOptions,
): Promise<Matched> {
  if (task === undefined)
    throw new InputError("toSurvive belongs into a test, since it shares the test's timeout: call it within test(…)")
  refuseUnknown(options)
  if (options.token !== undefined) return matchToken(task, isNot, received, options)
  const settings = readSettings(received, options)
  const budget = budgetOf(readEffort(options), timeLeftMs(task))
  // a failure that is wanted is not looked at, so that it need not be small
  const survival = await checkSurvival(settings, budget, { shrink: !isNot })
  recordSurvival(task, survival, !isNot)
  if (survival.thrown instanceof Error && !isNot) throw errorAt(survivalMessage(survival, true), survival.thrown)
  // vitest asks for `pass` and turns it round for `.not`: what satisfies neither must come out as wrong in both
  return { pass: satisfies(survival, !isNot) !== isNot, message: () => survivalMessage(survival, !isNot) }
}

function matchToken(
  task: Readonly<RunnerTestCase>,
  isNot: boolean,
  received: unknown,
  { token, protocol, bug }: ReplayOptions,
): Matched {
  const resolve = resolver([asScenario(received)], { protocol, bugs: bug === undefined ? [] : [bug] })
  const patienceMs = Math.min(PATIENCE_MS, budgetOf({ timeMs: undefined, runs: 1 }, timeLeftMs(task)).giveUpMs)
  const replayed = replayGuarded(token, resolve, patienceMs)
  return { pass: asWanted(replayed, !isNot) !== isNot, message: () => replayMessage(token, replayed) }
}

/**
 * Lets the test wait for the check, and fail with it, if it was not awaited, as vitest does with its own async matchers.
 * @param here made where the matcher was called
 */
function waitFor(task: Readonly<RunnerTestCase>, matched: Promise<Matched>, isNot: boolean, here: Error): void {
  const test: RunnerTestCase = task
  test.promises ??= []
  const { promises } = test
  const waiting: Promise<void> = matched
    .then(({ pass, message }) => {
      if (pass !== isNot) return
      throw errorAt(
        `toSurvive was not awaited: write 'await expect(…).toSurvive(…)'. What came of it:\n${message()}`,
        here,
      )
    })
    .finally(() => promises.splice(promises.indexOf(waiting), 1))
  promises.push(waiting)
  waiting.catch(() => {})
}
