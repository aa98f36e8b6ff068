/**
 * Cutline in vitest. To import it is enough for the matcher:
 *
 * ```ts
 * import 'cutline/vitest'
 * import { expect, test } from 'vitest'
 * import shop from './shop.ts'
 *
 * test('the shop survives', async () => {
 *   await expect(shop).toSurvive({ runs: 300, seed: 'demo' })
 * })
 * ```
 *
 * It works with `expect` from vitest, with the global one and with the one of a test's context; a setup file
 * (`setupFiles: ['cutline/vitest']`) imports it for all tests. {@link planProp} mixes plans with arbitraries of your own,
 * {@link corpusTests} keeps what was found once from coming back, and the reporter `cutline/vitest/reporter` says how much
 * the checks say.
 *
 * A check runs in the worker that vitest gives the test file: vitest spreads files over the cores, so put checks into several
 * files (with seeds of their own, if of one scenario) to use more of them.
 *
 * @module cutline/vitest
 */
import './to-survive.ts'

export { type CorpusOptions, corpusTests } from './corpus-tests.ts'
export { type MakeProp, type PlanPropOptions, planProp, type RegisterProp } from './plan-prop.ts'
export type { FinishedRun, PropExample } from './prop-subject.ts'
export type { SurvivalMeta } from './survival-meta.ts'
export type { CheckOptions, EffortOptions, ReplayOptions, SubjectOptions, SurviveOptions } from './survive-options.ts'
