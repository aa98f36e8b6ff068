export { AllWindowedStream } from './all-windowed-stream.ts'
export type { ArraySourceOptions } from './array-source.ts'
export { fromArray } from './array-source.ts'
export type {
  BroadcastContext,
  BroadcastProcessFunction,
  ReadOnlyBroadcastContext,
  ReadOnlyBroadcastState,
} from './broadcast-process-function.ts'
export { BroadcastConnectedStream, BroadcastStream } from './broadcast-stream.ts'
export { BrokenRow } from './broken-row.ts'
export { CheckpointConfig } from './checkpoint-config.ts'
export { CheckpointingMode } from './checkpointing-mode.ts'
export type { CoGroupFunction, TaggedUnion } from './co-grouped-streams.ts'
export { CoGroupedEqualTo, CoGroupedStreams, CoGroupedWhere, CoGroupedWindow } from './co-grouped-streams.ts'
export type { CoProcessFunction } from './co-process-function.ts'
export { ConnectedStreams } from './connected-streams.ts'
export type { Columns, ColumnType, CsvRow } from './csv.ts'
export { parseCsv } from './csv.ts'
export { DataStream, IterativeStream } from './data-stream.ts'
export { DataStreamSink } from './data-stream-sink.ts'
export type { Duration } from './duration.ts'
export { durationMs } from './duration.ts'
export { StreamExecutionEnvironment } from './environment.ts'
export type { Comparable, WithField } from './field-aggregation.ts'
export type { FileSinkOptions } from './file-sink.ts'
export { fileSink } from './file-sink.ts'
export type {
  ChainedStep,
  Collector,
  ProcessContext,
  ProcessFunction,
  RuntimeContext,
  TimeDomain,
  TimerService,
} from './functions.ts'
export type { GeneratedSequenceOptions } from './generated-sequence.ts'
export { generatedSequence } from './generated-sequence.ts'
export type { JoinContext, ProcessJoinFunction } from './interval-join.ts'
export { IntervalJoin, IntervalJoined } from './interval-join.ts'
export { JobError } from './job-error.ts'
export type {
  EdgeSpec,
  Invariant,
  JobGraph,
  JobSettings,
  LogSinkSpec,
  OwnSinkSpec,
  Scenario,
  SinkSpec,
  SourceSpec,
  Split,
  VertexSpec,
  WatermarkGenerator,
  WatermarkOutput,
  WatermarkSpec,
} from './job-graph.ts'
export type { JoinFunction } from './joined-streams.ts'
export { JoinedEqualTo, JoinedStreams, JoinedWhere, JoinedWindow } from './joined-streams.ts'
export { parseJsonLines } from './json-lines.ts'
export type { KeyTypeOf } from './keyed-stream.ts'
export { KeyedStream } from './keyed-stream.ts'
export { loopHeads } from './loop-heads.ts'
export type { Operator, OperatorContext, Timer } from './operator.ts'
export type { OperatorParts } from './operator-parts.ts'
export { operatorParts } from './operator-parts.ts'
export { OutputTag } from './output-tag.ts'
export type {
  Committer,
  OwnSinkOptions,
  Shows,
  Sink,
  SinkContext,
  SinkWriter,
  WriteContext,
  WriterContext,
} from './own-sink.ts'
export { ownSink } from './own-sink.ts'
export { PortError, type PortFailure } from './port-error.ts'
export type {
  Clock,
  KeyValue,
  ObjectStore,
  Ports,
  StoredValue,
  TransactionalLog,
  UnfinishedTransaction,
} from './ports.ts'
export type {
  ExponentialDelayOptions,
  ExponentialDelayRestart,
  FailureRateRestart,
  RestartStrategy,
} from './restart-strategy.ts'
export { exponentialDelayRestart, failureRateRestart, fixedDelayRestart, noRestart } from './restart-strategy.ts'
export type { ScenarioOptions } from './scenario.ts'
export { scenario } from './scenario.ts'
export type { ScenarioInput, ScenarioInputOptions } from './scenario-input.ts'
export { appendLog, transactionalLog } from './sink.ts'
export type { Draw, Source, SplitOf } from './source.ts'
export { contiguousSplits } from './source.ts'
export type {
  AggregateFunction,
  AggregatingState,
  AggregatingStateDescriptor,
  BroadcastState,
  KeyedStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from './state.ts'
export { aggregatingState, listState, mapState, reducingState, valueState } from './state.ts'
export type { Schema, SchemaResult } from './state-schema.ts'
export { withSchema } from './state-schema.ts'
export type { StateTtl, StateTtlOptions } from './state-ttl.ts'
export { stateTtl, withTtl } from './state-ttl.ts'
export type { RunPredicate, RunView, TemporalInvariant, TemporalOptions } from './temporal-invariant.ts'
export { always, eventually, sometimes } from './temporal-invariant.ts'
export { parseTextLines } from './text-lines.ts'
export { PERIODIC_EMIT_EVERY } from './timestamps-operator.ts'
export type { UpsertOptions } from './upsert-sink.ts'
export { upsertSink } from './upsert-sink.ts'
export type { WatermarkStrategyWithoutTimestamps } from './watermark-strategy.ts'
export { WatermarkStrategy } from './watermark-strategy.ts'
export { WindowedStream } from './windowed-stream.ts'
export type {
  DeltaFunction,
  Evictor,
  EvictorContext,
  GapOf,
  KeyedStateStore,
  MergingWindowAssigner,
  OnMergeContext,
  ProcessAllWindowFunction,
  ProcessWindowContext,
  ProcessWindowFunction,
  TimestampedValue,
  Trigger,
  TriggerContext,
  Window,
  WindowAssigner,
  WindowAssignerContext,
  WindowCodec,
} from './windowing/index.ts'
export {
  ContinuousEventTimeTrigger,
  CountEvictor,
  CountTrigger,
  DeltaEvictor,
  DeltaTrigger,
  EventTimeSessionWindows,
  EventTimeTrigger,
  GlobalWindow,
  GlobalWindows,
  NeverTrigger,
  ProcessingTimeSessionWindows,
  ProcessingTimeTrigger,
  PurgingTrigger,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  TimeEvictor,
  TimeWindow,
  TriggerResult,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
} from './windowing/index.ts'
