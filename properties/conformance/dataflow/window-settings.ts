/** Assigners, triggers and evictors of the programs. */
import {
  ContinuousEventTimeTrigger,
  CountEvictor,
  CountTrigger,
  DeltaEvictor,
  DeltaTrigger,
  EventTimeSessionWindows,
  EventTimeTrigger,
  type Evictor,
  GlobalWindows,
  type OnMergeContext,
  PurgingTrigger,
  SlidingEventTimeWindows,
  TimeEvictor,
  type Trigger,
  type TriggerContext,
  TriggerResult,
  TumblingEventTimeWindows,
  type Window,
  type WindowAssigner,
} from '../../../src/index.ts'
import { mod } from './program.ts'

export type AssignerSpec =
  | { readonly type: 'tumbling'; readonly size: number; readonly offset?: number }
  | { readonly type: 'sliding'; readonly size: number; readonly slide: number; readonly offset?: number }
  | { readonly type: 'session'; readonly gap: number }
  | { readonly type: 'dynSession'; readonly base: number; readonly step: number; readonly m: number }
  | { readonly type: 'global'; readonly endOfStream?: boolean }
export type TriggerSpec =
  | { readonly type: 'eventTime' }
  | { readonly type: 'count'; readonly n: number }
  | { readonly type: 'purging'; readonly of: TriggerSpec }
  | { readonly type: 'continuous'; readonly interval: number }
  | { readonly type: 'delta'; readonly threshold: number }
  | { readonly type: 'byValue'; readonly act: readonly number[] }
export type EvictorSpec =
  | { readonly type: 'count'; readonly n: number; readonly after?: boolean }
  | { readonly type: 'time'; readonly ms: number; readonly after?: boolean }
  | { readonly type: 'delta'; readonly threshold: number; readonly after?: boolean }
export interface WindowSettings {
  readonly assigner: AssignerSpec
  readonly trigger?: TriggerSpec
  readonly evictor?: EvictorSpec
  readonly lateness?: number
}

/** What takes settings. */
interface Settable<T> {
  trigger(trigger: Trigger<T, Window>): unknown
  evictor(evictor: Evictor<T, Window>): unknown
  allowedLateness(lateness: number): unknown
}
/** @param v the value of an element */
export function withSettings<T, Windowed extends Settable<T>>(
  windowed: Windowed,
  { trigger, evictor, lateness }: WindowSettings,
  v: (element: T) => number,
): Windowed {
  if (trigger !== undefined) windowed.trigger(triggerOf(trigger, v))
  if (evictor !== undefined) windowed.evictor(evictorOf(evictor, v))
  if (lateness !== undefined) windowed.allowedLateness(lateness)
  return windowed
}

export function assignerOf<T>(spec: AssignerSpec, v: (element: T) => number): WindowAssigner<T, Window> {
  switch (spec.type) {
    case 'tumbling':
      return TumblingEventTimeWindows.of(spec.size, spec.offset)
    case 'sliding':
      return SlidingEventTimeWindows.of(spec.size, spec.slide, spec.offset)
    case 'session':
      return EventTimeSessionWindows.withGap(spec.gap)
    case 'dynSession':
      return EventTimeSessionWindows.withDynamicGap((element) => spec.base + spec.step * mod(v(element), spec.m))
    case 'global':
      return spec.endOfStream === true ? GlobalWindows.createWithEndOfStreamTrigger() : GlobalWindows.create()
  }
}

function triggerOf<T>(spec: TriggerSpec, v: (element: T) => number): Trigger<T, Window> {
  switch (spec.type) {
    case 'eventTime':
      return EventTimeTrigger.create()
    case 'count':
      return CountTrigger.of(spec.n)
    case 'purging':
      return PurgingTrigger.of(triggerOf(spec.of, v))
    case 'continuous':
      return ContinuousEventTimeTrigger.of(spec.interval)
    case 'delta':
      return DeltaTrigger.of(spec.threshold, (a, b) => Math.abs(v(b) - v(a)))
    case 'byValue':
      return new ByValue(spec.act, v)
  }
}

const ACTS = [TriggerResult.CONTINUE, TriggerResult.FIRE, TriggerResult.PURGE, TriggerResult.FIRE_AND_PURGE] as const

/** A trigger of the programs' own: the value of an element says what it does. */
class ByValue<T> implements Trigger<T, Window> {
  readonly #acts: readonly number[]
  readonly #v: (element: T) => number
  constructor(acts: readonly number[], v: (element: T) => number) {
    this.#acts = acts
    this.#v = v
  }
  onElement(element: T, _timestampMs: number, window: Window, context: TriggerContext): TriggerResult {
    if (window.maxTimestamp() <= context.getCurrentWatermark()) return TriggerResult.FIRE
    context.registerEventTimeTimer(window.maxTimestamp())
    return ACTS[this.#acts[mod(this.#v(element), this.#acts.length)]!]!
  }
  onEventTime(timestampMs: number, window: Window): TriggerResult {
    return timestampMs === window.maxTimestamp() ? TriggerResult.FIRE : TriggerResult.CONTINUE
  }
  onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onMerge(window: Window, context: OnMergeContext): void {
    if (window.maxTimestamp() > context.getCurrentWatermark()) context.registerEventTimeTimer(window.maxTimestamp())
  }
  clear(window: Window, context: TriggerContext): void {
    context.deleteEventTimeTimer(window.maxTimestamp())
  }
}

function evictorOf<T>(spec: EvictorSpec, v: (element: T) => number): Evictor<T, Window> {
  switch (spec.type) {
    case 'count':
      return CountEvictor.of(spec.n, spec.after)
    case 'time':
      return TimeEvictor.of(spec.ms, spec.after)
    case 'delta':
      return DeltaEvictor.of(spec.threshold, (a, b) => Math.abs(v(b) - v(a)), spec.after)
  }
}
