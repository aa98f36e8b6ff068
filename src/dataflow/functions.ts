/**
 * What a user writes, as the runtime calls it. All functions are synchronous; a fresh instance is made for every attempt.
 *
 * ```
 *   source reader -> [map | flatMap | filter]* -> (edge) -> process | window -> (edge) -> sink
 * ```
 */
import type { Key } from '../model/index.ts'
import type { OutputTag } from './output-tag.ts'
import type {
  AggregatingState,
  AggregatingStateDescriptor,
  BroadcastState,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from './state.ts'

/** Takes what a function emits. The record gets the timestamp of the element or timer that is being processed. */
export interface Collector<Out> {
  collect(value: Out): void
}

/** Flink: TimerService. All times are milliseconds, as in Flink. */
export interface TimerService {
  /** Wall clock of the task, ms since the start of the run (virtual). A time read is a determinant of the run. */
  currentProcessingTime(): number
  /** Minimum watermark over the inputs, ms; -Infinity before the first one. */
  currentWatermark(): number
  registerEventTimeTimer(timestampMs: number): void
  registerProcessingTimeTimer(timestampMs: number): void
  deleteEventTimeTimer(timestampMs: number): void
  deleteProcessingTimeTimer(timestampMs: number): void
}

/** What `open` gets: state is declared here, once, and used afterwards under the current key. */
export interface RuntimeContext {
  readonly uid: string
  readonly subtask: number
  readonly parallelism: number
  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>
  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>
  getMapState<K extends Key, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>
  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>
  getAggregatingState<In, Acc, Out>(descriptor: AggregatingStateDescriptor<In, Acc, Out>): AggregatingState<In, Out>
  /** Operator (not keyed) list state, redistributed round robin on a rescale. Flink: OperatorStateStore.getListState. */
  getOperatorListState<T>(descriptor: ListStateDescriptor<T>): ListState<T>
  /** Operator map state that is the same in every subtask, if every subtask writes it alike. Flink: BroadcastState. */
  getBroadcastState<K extends Key, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>
}

/** Flink: TimeDomain. */
export type TimeDomain = 'event' | 'processing'

/** What `processElement` and `onTimer` get. */
export interface ProcessContext<K = Key> {
  /** Event timestamp of the element, ms; undefined if the source assigns none. In `onTimer`: the timer's. */
  timestamp(): number | undefined
  /** In `onTimer`: the clock that the timer is on. In `processElement`: undefined. Flink: OnTimerContext.timeDomain. */
  timeDomain(): TimeDomain | undefined
  timerService(): TimerService
  /** The key that is being processed. Throws outside a keyed stream. */
  getCurrentKey(): K
  /** Emits to a side output, with the timestamp of the element or timer in hand. Read it with `getSideOutput(tag)`. */
  output<T>(tag: OutputTag<T>, value: T): void
}

/** A process function, keyed or not. Flink: KeyedProcessFunction, ProcessFunction with CheckpointedFunction. */
export interface ProcessFunction<In = unknown, Out = unknown, K = Key> {
  open?(context: RuntimeContext): void
  processElement(value: In, context: ProcessContext<K>, out: Collector<Out>): void
  onTimer?(timestampMs: number, context: ProcessContext<K>, out: Collector<Out>): void
  /** Called at the sync point of every checkpoint, before operator state is copied. Flink: CheckpointedFunction. */
  snapshotState?(): void
  /** Called once when all inputs have ended, after the last watermark. Flink: BoundedOneInput.endInput. */
  endInput?(out: Collector<Out>): void
}

/** A stateless step that is chained to what stands before it: calls `emit` once for each result. */
export interface ChainedStep {
  readonly uid: string
  readonly kind: 'map' | 'flatMap' | 'filter'
  apply(value: unknown, emit: (value: unknown) => void): void
}
