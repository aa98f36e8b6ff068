/**
 * What a real Flink says of its job: its REST answers and configuration, read, judged, and made a prediction of (`twin`).
 *
 * @module cutline/flink
 */
export {
  type AccuracyReport,
  type KindAccuracy,
  type MeasuredRun,
  type ScoredRun,
  scoreAccuracy,
} from './accuracy.ts'
export {
  type Checkpoint,
  type CheckpointDetails,
  type Checkpoints,
  type CheckpointsConfig,
  checkpointDetailsSchema,
  checkpointSchema,
  checkpointsConfigSchema,
  checkpointsSchema,
  type Restored,
  restoredSchema,
  type SubtaskCheckpoints,
  subtaskCheckpointSchema,
  subtaskCheckpointsSchema,
} from './checkpoint-answers.ts'
export {
  type JobManagerConfig,
  jobManagerConfigSchema,
  type Overview,
  overviewSchema,
  type TaskManagers,
  taskManagersSchema,
} from './cluster-answers.ts'
export { type DumpIndex, dumpIndexSchema } from './dump-layout.ts'
export type { RecoverySight } from './estimate-recovery.ts'
export type { Fallback } from './fallback-checkpoint.ts'
export { type FittedParameter, type FittedRow, fitRecoveries, type RecoveryFit, TooFewRows } from './fit-recoveries.ts'
export {
  type FlinkConfig,
  type FlinkSetting,
  readFlinkConfig,
  type ScenarioSettings,
  scenarioSettings,
  UnreadableConfig,
} from './flink-config.ts'
export { flinkDurationMs } from './flink-duration.ts'
export { FLINK_OPTIONS, type FlinkOption, type OptionName, type OptionType } from './flink-options.ts'
export type { VertexAnatomy } from './infer-checkpoints.ts'
export type { FailureKind } from './infer-downtime.ts'
export type { Inferred, Sureness } from './inferred.ts'
export {
  type BackPressure,
  backPressureSchema,
  type Exceptions,
  exceptionSchema,
  exceptionsSchema,
  type FlinkException,
  type IoMetrics,
  ioMetricsSchema,
  type Job,
  type JobConfig,
  type JobMetrics,
  type JobVertex,
  jobConfigSchema,
  jobMetricsSchema,
  jobSchema,
  jobVertexSchema,
  type Plan,
  planAnswerSchema,
  planSchema,
  type SubtaskMetrics,
  subtaskMetricsSchema,
  type Vertex,
  vertexSchema,
} from './job-answers.ts'
export { type JobDump, parseDump, type VertexDump } from './job-dump.ts'
export type { LastRecovery } from './last-recovery.ts'
export { type Finding, type LintOptions, lintFlinkConfig, type Severity } from './lint-flink-config.ts'
export { flinkNumber, millisOrDisabled } from './numbers.ts'
export type { FailurePrediction } from './predict-failure.ts'
export { type ReadAnswer, readAnswer } from './read-answer.ts'
export type { Recommendation, TwinGoals } from './recommend-for-job.ts'
export { type RecoveryRow, readRecoveryRows, UnreadableRows } from './recovery-rows.ts'
export type { RestartSettings } from './restart-settings.ts'
export {
  type CheckpointMode,
  conformTrace,
  readTrace,
  type TracedSettings,
  type TraceEnd,
  type TraceEvent,
  type TraceRefusal,
  type TraceReport,
  traceEventSchema,
  traceOf,
  UnreadableTrace,
} from './trace/index.ts'
export { type InferredFigures, type TwinOptions, type TwinReport, twin } from './twin.ts'
export type { Advice } from './twin-advice.ts'
export type { GivenFigures, TwinFigures } from './twin-figures.ts'
