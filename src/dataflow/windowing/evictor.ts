import type { Window } from './window.ts'

/** An element as an evictor sees it. Flink: TimestampedValue. */
export interface TimestampedValue<T> {
  readonly value: T
  /** Event timestamp, ms; undefined: none. */
  readonly timestampMs: number | undefined
}

/** Flink: Evictor.EvictorContext. Times in ms. */
export interface EvictorContext {
  getCurrentWatermark(): number
  getCurrentProcessingTime(): number
}

/**
 * Takes elements out of a window when it fires, before the window function or after it; what it takes out is gone for later
 * firings. It keeps nothing, or is handed over as a factory. Flink: Evictor, which removes by iterator; here what stays is
 * returned.
 */
export interface Evictor<T, W extends Window> {
  /** What the window function gets. @param elements in the order of their arrival, at least one */
  evictBefore(
    elements: readonly TimestampedValue<T>[],
    window: W,
    context: EvictorContext,
  ): readonly TimestampedValue<unknown>[]
  /** What stays in the window. @param elements what `evictBefore` has left, perhaps nothing */
  evictAfter(
    elements: readonly TimestampedValue<T>[],
    window: W,
    context: EvictorContext,
  ): readonly TimestampedValue<unknown>[]
}
