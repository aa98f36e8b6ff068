/**
 * Checkpoint intervals: the formulas with their ranges, a recommendation (`recommendInterval`), and the simulation they are held
 * against (`simulateIntervals`).
 *
 * @module cutline/intervals
 */
export {
  type CatchUpInput,
  type CheckpointsDuringCatchUp,
  intervalForRecoveryMs,
  peakLagMs,
  type RecoveryGoal,
  recoveryMs,
  recoveryTime,
  recoveryWithCheckpointsMs,
} from './catch-up.ts'
export { daly2006, daly2006FirstOrder } from './daly-2006.ts'
export { type DurationDistribution, sampledDistribution } from './duration-distribution.ts'
export { durationText, numberText, settingText } from './duration-text.ts'
export type { Estimate } from './estimate.ts'
export { exactOptimum } from './exact-optimum.ts'
export { type ExposedInterval, type ExposedIntervalInput, exposedInterval } from './exposed-interval.ts'
export { failedCheckpointFactor, failedCheckpointShortening } from './failed-checkpoints.ts'
export {
  exponentialFailures,
  type FailureDistribution,
  gapsBetween,
  mtbfLimitsMs,
  observedFailures,
  weibullFailures,
  weibullFailuresWithMean,
} from './failure-distribution.ts'
export { type FailureTable, failureTable } from './failure-table.ts'
export { gammaFunction, logGamma, upperGammaQuantile, upperGammaShare } from './gamma-function.ts'
export {
  type IncrementalMix,
  type IncrementalMixInput,
  incrementalMix,
  incrementalMixLossMs,
} from './incremental-mix.ts'
export type { ModelInUse, OtherModel } from './interval-models.ts'
export {
  type FailureInput,
  type Goals,
  type IntervalProblem,
  type LoadInput,
  type ResolvedProblem,
  resolveProblem,
} from './interval-problem.ts'
export { type GoalName, type IntervalRow, intervalRow, type Quantiles } from './interval-row.ts'
export { type JayasekaraInput, jayasekara2020 } from './jayasekara-2020.ts'
export { lambertRise, lambertW0 } from './lambert-w.ts'
export {
  type LoadPoint,
  type LoadProfile,
  loadProfile,
  type ProfileRecoveryInput,
  profileRecovery,
  profileRecoveryMs,
} from './load-profile.ts'
export { logarithmicGrid, minimise } from './minimise.ts'
export type { OptimalInterval } from './optimal-interval.ts'
export { OutOfRange } from './out-of-range.ts'
export { type GoalReport, type IntervalReport, type RecommendOptions, recommendInterval } from './recommend-interval.ts'
export { type RenewalInput, renewalUtilisation } from './renewal-utilisation.ts'
export { type ReplayAgeInput, replayAge } from './replay-age.ts'
export { type SecondFailure, type SecondFailureInput, secondFailure } from './second-failure.ts'
export {
  type OpenEstimate,
  type SimulatedInterval,
  type SimulatedQuantiles,
  type SimulateOptions,
  simulateIntervals,
} from './simulate.ts'
export type { Difference } from './simulation-differences.ts'
export { type UtilisationInput, utilisation } from './utilisation.ts'
export { overheadRatio, type VaidyaInput, vaidya1997, vaidya1997Optimum } from './vaidya-1997.ts'
export { fitWeibull, type WeibullFit } from './weibull-fit.ts'
export { weibullHazardPerMs, weibullLocalOptimum } from './weibull-local-rate.ts'
export { wholeFirstIntervalUtilisation } from './whole-first-interval.ts'
export { young1974 } from './young-1974.ts'
