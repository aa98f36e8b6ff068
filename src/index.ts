/**
 * Cutline as a library: write a dataflow (`scenario`, `StreamExecutionEnvironment`, …), check it (`Check`), replay, shrink and
 * explain what fails, and put its plans into properties of your own (`planArbitrary`).
 */
export {
  type Aggregate,
  type BugDefinition,
  Check,
  type CheckDefaults,
  type CheckSettings,
  type CutlineConfig,
  type DrawOptions,
  defineConfig,
  digestOf,
  drawPlan,
  explain,
  InputError,
  planArbitrary,
  type Replay,
  type ReplayAnswer,
  Runner,
  type RunResult,
  regressionTest,
  replay,
  type Shrunk,
  type StoryLine,
  shrinkFailure,
  shrinkToken,
  storyText,
  tokenOf,
  type Verdict,
  verdictOf,
} from './check/index.ts'
export * from './dataflow/index.ts'
export type {
  Contract,
  Fault,
  FaultClass,
  Finding,
  Key,
  KeyType,
  Phase,
  Plan,
  Protocol,
  Timing,
} from './model/index.ts'
export { describeFault, EFFECTS, FAULT_CLASSES, PHASES } from './model/index.ts'
export { aligned, atLeastOnce, protocolForMode, protocols } from './protocols/index.ts'
