export {
  type Aggregate,
  addRun,
  digestOf,
  emptyAggregate,
  type Failure,
  merge,
  type Verdict,
  verdictOf,
} from './aggregate.ts'
export type { BugDefinition } from './bug.ts'
export { Check, type CheckSettings, indexInOrder, type Order, scenarioOf, TWIN_EVERY } from './check.ts'
export { type CheckDefaults, type CutlineConfig, defineConfig, readConfig } from './config.ts'
export { judgedInvariants } from './contract-of.ts'
export { type CorpusEntry, type CorpusLine, corpusLine, corpusLines } from './corpus.ts'
export { type DrawOptions, drawPlan, ENGINE } from './draw-plan.ts'
export { explain, type StoryLine, storyText } from './explain.ts'
export { FAULT_GROUPS, type FaultGroup } from './fault-groups.ts'
export { InputError } from './input-error.ts'
export { nondeterminism } from './nondeterminism.ts'
export { planArbitrary, planDraw } from './plan-arbitrary.ts'
export { rememberGlobals } from './pure-globals.ts'
export { type RegressionTestOptions, regressionTest } from './regression-test.ts'
export { type PlanNames, type Replay, type ReplayAnswer, type Resolve, replay } from './replay.ts'
export type { RunListener } from './run-listener.ts'
export { Runner, type RunOptions, type RunResult } from './runner.ts'
export { type PlanSize, shrink } from './shrink.ts'
export { type Shrunk, shrinkFailure, shrinkToken } from './shrink-failure.ts'
export { type Mark, type Moment, type SentRecord, type SpaceTime, spaceTime, type TakenCut } from './space-time.ts'
export { tokenOf } from './token.ts'
export { planOfToken } from './token-plan.ts'
