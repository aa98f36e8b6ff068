import type { Key } from '../../model/index.ts'
import type { Collector, RuntimeContext } from '../functions.ts'
import type { OutputTag } from '../output-tag.ts'
import type { KeyedStateStore } from './keyed-state-store.ts'
import type { TimeWindow } from './time-window.ts'
import type { Window } from './window.ts'

/**
 * Makes results of what a window holds, each time it fires; they carry the last timestamp of the window. Flink:
 * ProcessWindowFunction.
 */
export interface ProcessWindowFunction<In, Out, K = Key, W extends Window = TimeWindow> {
  open?(context: RuntimeContext): void
  /**
   * @param elements in the order of their arrival, but of windows that have merged: those of the earlier window first. After
   * `reduce` or `aggregate`: the one result. Empty if an evictor has taken all.
   */
  process(key: K, context: ProcessWindowContext<W>, elements: readonly In[], out: Collector<Out>): void
  /** The window is over: what the function keeps in `windowState` must go. */
  clear?(context: ProcessWindowContext<W>): void
}

/** Flink: ProcessWindowFunction.Context. Times in ms. */
export interface ProcessWindowContext<W extends Window = TimeWindow> {
  window(): W
  /** When an element fires the window: the last watermark. When a timer does: the one that has reached it. */
  currentWatermark(): number
  currentProcessingTime(): number
  /** State of this window alone. Not with windows that merge, as in Flink. */
  windowState(): KeyedStateStore
  /** State of the key, across windows. */
  globalState(): KeyedStateStore
  /** Emits to a side output. Read it with `getSideOutput(tag)`. */
  output<T>(tag: OutputTag<T>, value: T): void
}

/** Makes results of the windows of a whole stream. Flink: ProcessAllWindowFunction. */
export interface ProcessAllWindowFunction<In, Out, W extends Window = TimeWindow> {
  open?(context: RuntimeContext): void
  process(context: ProcessWindowContext<W>, elements: readonly In[], out: Collector<Out>): void
  clear?(context: ProcessWindowContext<W>): void
}
