/**
 * When a window gives results, and when it forgets. A trigger keeps what it knows in partitioned state, which belongs to one
 * window of one key; whoever writes one with fields of its own hands it over as a factory, so that each attempt has a fresh
 * one.
 */

import type { Key } from '../../model/index.ts'
import type {
  AggregatingState,
  AggregatingStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from '../state.ts'
import type { Window } from './window.ts'

/** Flink: TriggerResult. FIRE gives results, PURGE forgets the contents (the trigger's own state stays). */
export const TriggerResult = {
  CONTINUE: 'CONTINUE',
  FIRE: 'FIRE',
  PURGE: 'PURGE',
  FIRE_AND_PURGE: 'FIRE_AND_PURGE',
} as const
export type TriggerResult = (typeof TriggerResult)[keyof typeof TriggerResult]

/** Flink: Trigger. */
export interface Trigger<T, W extends Window> {
  /** An element has been put into the window. @param timestampMs NaN if it has none */
  onElement(element: T, timestampMs: number, window: W, context: TriggerContext): TriggerResult
  /** An event-time timer of the window fires. */
  onEventTime(timestampMs: number, window: W, context: TriggerContext): TriggerResult
  /** A processing-time timer of the window fires. */
  onProcessingTime(timestampMs: number, window: W, context: TriggerContext): TriggerResult
  /** Several windows have become this one. A trigger without it cannot be used with windows that merge. */
  onMerge?(window: W, context: OnMergeContext): void
  /** The window is gone, or has become part of another: timers and state must go. */
  clear(window: W, context: TriggerContext): void
}

/** Flink: Trigger.TriggerContext. Times in ms; timers and state belong to the window in hand. */
export interface TriggerContext {
  /** -Infinity before the first one; while its timers fire it is the new one. */
  getCurrentWatermark(): number
  getCurrentProcessingTime(): number
  registerEventTimeTimer(timestampMs: number): void
  registerProcessingTimeTimer(timestampMs: number): void
  deleteEventTimeTimer(timestampMs: number): void
  deleteProcessingTimeTimer(timestampMs: number): void
  getPartitionedState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T>
  getPartitionedState<T>(descriptor: ListStateDescriptor<T>): ListState<T>
  getPartitionedState<K extends Key, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V>
  getPartitionedState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T>
  getPartitionedState<In, Acc, Out>(descriptor: AggregatingStateDescriptor<In, Acc, Out>): AggregatingState<In, Out>
}

/** Flink: Trigger.OnMergeContext. */
export interface OnMergeContext extends TriggerContext {
  /** Moves the state of the windows that were merged into that of the one they have become. */
  mergePartitionedState<T>(descriptor: ListStateDescriptor<T> | ReducingStateDescriptor<T>): void
  mergePartitionedState<In, Acc, Out>(descriptor: AggregatingStateDescriptor<In, Acc, Out>): void
}
