/**
 * The window operator.
 *
 * ```
 *   element ──assigner──> windows ──> over already? (end - 1 + lateness <= watermark) ──> not into this one
 *                            │         └─ into none, and late itself ──> side output for late data, or dropped
 *                            └──> merged with open windows ──> contents ──> trigger ──FIRE──> window function
 *                                                                             └─────PURGE──> contents go
 *   timer of a window ──> trigger: FIRE, PURGE
 *                    └──> at end - 1 + lateness: contents, trigger state and the function's window state go
 * ```
 *
 * All it knows is in keyed state and timers. A window is a map key in state and a namespace of timers, as its codec says.
 *
 * Flink: WindowOperator, EvictingWindowOperator. Where Flink 2.3.0 loses data or goes by accident, a rule decides:
 *
 * - `equal-window-keeps-contents`: see merging-windows.ts.
 * - `merged-in-order-of-time`: a window that has merged holds the elements of the earlier window first; in Flink the order of a
 *   hash set decides.
 * - `end-of-time-is-refused`: an element at the end of time, as results of global windows are, is an error in time windows; in
 *   Flink the end of its window overflows, and it vanishes.
 * - `nothing-reduces-to-nothing`: `reduce` gives no result when an evictor has taken all elements; in Flink it gives null.
 * - `aggregation-copies-record`: see field-aggregation.ts; `continuous-global-end`: see continuous-event-time-trigger.ts.
 *
 * Global windows that fire at the end of the stream hold back watermarks and go in the order of event time, as in Flink.
 */
import type { Key } from '../../model/index.ts'
import { inWords, JobError } from '../job-error.ts'
import type { Operator, OperatorContext, Timer } from '../operator.ts'
import { StateAccess } from '../state-access.ts'
import { MergingWindows } from './merging-windows.ts'
import type { ProcessWindowFunction } from './process-window-function.ts'
import type { TimeWindow } from './time-window.ts'
import { type Trigger, TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'
import type { WindowAssigner, WindowAssignerContext } from './window-assigner.ts'
import type { MakeContents, WindowContents } from './window-contents.ts'
import { WindowFunctionContext } from './window-function-context.ts'
import { WindowTriggerContext } from './window-trigger-context.ts'

export interface WindowParts {
  readonly assigner: WindowAssigner<unknown, Window>
  readonly trigger: Trigger<unknown, Window>
  readonly contents: MakeContents
  /** Without it, what a window holds is emitted as it is. */
  readonly function: ProcessWindowFunction<unknown, unknown, Key, Window> | undefined
  readonly allowedLatenessMs: number
  /** Side output for late data; undefined: it is dropped. */
  readonly lateTag: string | undefined
}

export class WindowOperator implements Operator {
  readonly #parts: WindowParts
  protected context!: OperatorContext
  #contents!: WindowContents
  #merging: MergingWindows | undefined
  #triggerContext!: WindowTriggerContext
  #functionContext!: WindowFunctionContext
  #assignerContext!: WindowAssignerContext

  constructor(parts: WindowParts) {
    this.#parts = parts
  }
  open(context: OperatorContext): unknown {
    const { assigner, contents } = this.#parts
    this.context = context
    this.#contents = contents(context)
    const merging = assigner.merging === true
    if (merging) this.#merging = new MergingWindows(context)
    this.#triggerContext = new WindowTriggerContext(context, assigner.codec)
    this.#functionContext = new WindowFunctionContext(context, assigner.codec, merging)
    this.#assignerContext = { getCurrentProcessingTime: () => context.currentProcessingTime() }
    return this.#parts.function?.open?.(new StateAccess(context))
  }

  processElement(value: unknown): unknown {
    const { assigner, trigger, lateTag } = this.#parts
    const timestampMs = this.context.timestampMs()
    if (assigner.isEventTime()) this.#checkTime(timestampMs)
    let skipped = true
    let returned: unknown
    for (const own of assigner.assignWindows(value, timestampMs, this.#assignerContext)) {
      const window = this.#merged(own)
      if (this.#isOver(window)) {
        this.#merging?.close(window as TimeWindow)
        continue
      }
      skipped = false
      this.#contents.add(assigner.codec.stateKey(window), value, timestampMs)
      this.#triggerContext.at(window)
      returned = this.#act(window, trigger.onElement(value, timestampMs, window, this.#triggerContext)) ?? returned
      this.#registerCleanup(window)
    }
    if (skipped && lateTag !== undefined && this.#isLate(timestampMs)) this.context.emit(value, timestampMs, lateTag)
    return returned
  }

  onTimer({ domain, timestampMs, namespace }: Timer): unknown {
    const { assigner, trigger } = this.#parts
    const window = assigner.codec.windowOf(namespace, timestampMs)
    if (this.#merging?.isOpen(window as TimeWindow) === false) return undefined
    this.#triggerContext.at(window)
    const result =
      domain === 'event'
        ? trigger.onEventTime(timestampMs, window, this.#triggerContext)
        : trigger.onProcessingTime(timestampMs, window, this.#triggerContext)
    const returned = this.#act(window, result)
    if (domain === this.#cleanupDomain && timestampMs === this.#cleanupTime(window)) this.#clear(window)
    return returned
  }

  #checkTime(timestampMs: number): void {
    if (Number.isFinite(timestampMs)) return
    throw new JobError(
      Number.isNaN(timestampMs)
        ? `window '${this.context.uid}' needs event time: give fromSource a WatermarkStrategy as its third argument`
        : `window '${this.context.uid}' got an element at the end of time, which is where results of global windows and count windows are: give them timestamps with assignTimestampsAndWatermarks`,
    )
  }
  /** The open window that an element goes into: its own, or what that has become one with. */
  #merged(own: Window): Window {
    return this.#merging?.add(own as TimeWindow, (result, merged) => this.#merge(result, merged)) ?? own
  }
  #merge(result: TimeWindow, merged: readonly TimeWindow[]): void {
    const { assigner, trigger } = this.#parts
    this.#triggerContext.at(result, merged)
    trigger.onMerge!(result, this.#triggerContext)
    for (const window of merged) {
      this.#triggerContext.at(window)
      trigger.clear(window, this.#triggerContext)
      this.#deleteCleanup(window)
    }
    const from = merged.map((window) => assigner.codec.stateKey(window))
    this.#contents.merge(from, assigner.codec.stateKey(result))
  }
  #act(window: Window, result: TriggerResult): unknown {
    const key = this.#parts.assigner.codec.stateKey(window)
    switch (result) {
      case TriggerResult.CONTINUE:
        return undefined
      case TriggerResult.FIRE:
        return this.#fire(key, window)
      case TriggerResult.PURGE:
        this.#contents.clear(key)
        return undefined
      case TriggerResult.FIRE_AND_PURGE: {
        const returned = this.#fire(key, window)
        this.#contents.clear(key)
        return returned
      }
      default:
        throw new JobError(
          `the trigger of window '${this.context.uid}' must return a TriggerResult, but returned ${inWords(result)}`,
        )
    }
  }
  #fire(key: Key, window: Window): unknown {
    const context = this.#functionContext
    context.at(window)
    return this.#contents.fire(key, window, (items) => {
      const { function: apply } = this.#parts
      if (apply !== undefined) return apply.process(this.context.getCurrentKey(), context, items, context)
      for (const item of items) context.collect(item)
      return undefined
    })
  }
  #clear(window: Window): void {
    this.#contents.clear(this.#parts.assigner.codec.stateKey(window))
    this.#triggerContext.at(window)
    this.#parts.trigger.clear(window, this.#triggerContext)
    this.#functionContext.at(window)
    this.#parts.function?.clear?.(this.#functionContext)
    this.#merging?.close(window as TimeWindow)
  }

  /** Late elements of no window are late data; others lie in a gap between windows. */
  #isLate(timestampMs: number): boolean {
    return (
      this.#parts.assigner.isEventTime() &&
      timestampMs + this.#parts.allowedLatenessMs <= this.context.currentWatermark()
    )
  }
  #isOver(window: Window): boolean {
    return this.#parts.assigner.isEventTime() && this.#cleanupTime(window) <= this.context.currentWatermark()
  }
  get #cleanupDomain(): 'event' | 'processing' {
    return this.#parts.assigner.isEventTime() ? 'event' : 'processing'
  }
  #cleanupTime(window: Window): number {
    const { assigner, allowedLatenessMs } = this.#parts
    return assigner.isEventTime() ? window.maxTimestamp() + allowedLatenessMs : window.maxTimestamp()
  }
  #registerCleanup(window: Window): void {
    const timeMs = this.#cleanupTime(window)
    if (timeMs === Number.POSITIVE_INFINITY) return
    this.context.registerTimer(this.#cleanupDomain, timeMs, this.#parts.assigner.codec.namespace(window, timeMs))
  }
  #deleteCleanup(window: Window): void {
    const timeMs = this.#cleanupTime(window)
    if (timeMs === Number.POSITIVE_INFINITY) return
    this.context.deleteTimer(this.#cleanupDomain, timeMs, this.#parts.assigner.codec.namespace(window, timeMs))
  }
}
