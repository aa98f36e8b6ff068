export {
  type Aggregate,
  digestOf,
  emptyAggregate,
  type Failure,
  merge,
  type Verdict,
  verdictOf,
} from './aggregate.ts'
export type { BugDefinition } from './bug.ts'
export { Check, type CheckSettings, indexInOrder, type Order, scenarioOf } from './check.ts'
export { corpusLine } from './corpus.ts'
export { type DrawOptions, drawPlan, ENGINE } from './draw-plan.ts'
export { explain, type StoryLine, storyText } from './explain.ts'
export { InputError } from './input-error.ts'
export { nondeterminism } from './nondeterminism.ts'
export { planArbitrary } from './plan-arbitrary.ts'
export { regressionTest } from './regression-test.ts'
export { type PlanNames, type Replay, type ReplayAnswer, replay } from './replay.ts'
export { Runner, type RunResult } from './runner.ts'
export type { PlanSize } from './shrink.ts'
export { type Shrunk, shrinkFailure, shrinkToken } from './shrink-failure.ts'
export { tokenOf } from './token.ts'
export { planOfToken } from './token-plan.ts'
