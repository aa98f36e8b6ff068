/**
 * The window operator, written as a user would write it: over keyed state and timers, with no help of the runtime.
 *
 * ```
 *   element at t ──> start of its window ──> late? (end - 1 <= watermark) ──> dropped
 *                                       └──> contents[start] folded, event-time timer at end - 1
 *   watermark >= end - 1 ──> the timer fires ──> result emitted with timestamp end - 1, contents[start] removed
 * ```
 *
 * Flink: WindowOperator with EventTimeTrigger and no allowed lateness; the firing is once per key and window.
 */
import type { Key } from '../model/index.ts'
import type { Collector, ProcessContext, ProcessFunction, RuntimeContext } from './functions.ts'
import { JobError } from './job-error.ts'
import type { MapState } from './state.ts'
import { mapState } from './state.ts'
import type { TimeWindow, TumblingEventTimeWindows } from './window-assigner.ts'

/** How the elements of a window become its contents, and the contents its results. */
export interface WindowFold<In, Acc, Out, K> {
  first(value: In): Acc
  next(value: In, contents: Acc): Acc
  results(key: K, window: TimeWindow, contents: Acc, out: Collector<Out>): void
}

export class TumblingWindow<In, Acc, Out, K extends Key> implements ProcessFunction<In, Out, K> {
  readonly #windows: TumblingEventTimeWindows
  readonly #fold: WindowFold<In, Acc, Out, K>
  #contents!: MapState<number, Acc>
  #uid!: string

  constructor(windows: TumblingEventTimeWindows, fold: WindowFold<In, Acc, Out, K>) {
    this.#windows = windows
    this.#fold = fold
  }

  open(context: RuntimeContext): void {
    this.#contents = context.getMapState(mapState<number, Acc>('window-contents'))
    this.#uid = context.uid
  }

  processElement(value: In, context: ProcessContext<K>): void {
    const timestampMs = context.timestamp()
    if (timestampMs === undefined) {
      throw new JobError(
        `window '${this.#uid}' needs event time: give fromSource a WatermarkStrategy as its third argument`,
      )
    }
    const start = this.#windows.startOf(timestampMs)
    const last = this.#windows.maxTimestamp(start)
    const timers = context.timerService()
    if (last <= timers.currentWatermark()) return
    const contents = this.#contents
    contents.put(
      start,
      contents.contains(start) ? this.#fold.next(value, contents.get(start) as Acc) : this.#fold.first(value),
    )
    timers.registerEventTimeTimer(last)
  }

  onTimer(timestampMs: number, context: ProcessContext<K>, out: Collector<Out>): void {
    const start = this.#windows.startOf(timestampMs)
    if (!this.#contents.contains(start)) return
    const contents = this.#contents.get(start) as Acc
    this.#contents.remove(start)
    this.#fold.results(context.getCurrentKey(), { start, end: start + this.#windows.sizeMs }, contents, out)
  }
}
