/** Runs a process function, keyed or not. Flink: KeyedProcessOperator, ProcessOperator. */
import type { Key } from '../model/index.ts'
import type { Collector, ProcessContext, ProcessFunction, TimeDomain, TimerService } from './functions.ts'
import type { Operator, OperatorContext, Timer } from './operator.ts'
import type { OutputTag } from './output-tag.ts'
import { StateAccess } from './state-access.ts'
import type { Body } from './transformation.ts'

/** What functions see of the operator that runs them: one object, whose timestamp and clock change from call to call. */
export class FunctionContext implements ProcessContext, TimerService, Collector<unknown> {
  readonly #context: OperatorContext
  #timestampMs = Number.NaN
  #domain: TimeDomain | undefined

  constructor(context: OperatorContext) {
    this.#context = context
  }
  /** An element is in hand. */
  atElement(): void {
    this.#timestampMs = this.#context.timestampMs()
  }
  /** A timer is in hand, until `afterTimer`. Flink erases the timestamp of what a processing-time timer emits. */
  atTimer(timer: Timer): void {
    this.#timestampMs = timer.domain === 'event' ? timer.timestampMs : Number.NaN
    this.#domain = timer.domain
  }
  afterTimer(): void {
    this.#domain = undefined
  }
  /** Nothing is in hand: the input has ended. */
  atEnd(): void {
    this.#timestampMs = Number.NaN
  }
  collect(value: unknown): void {
    this.#context.emit(value, this.#timestampMs)
  }
  output<T>(tag: OutputTag<T>, value: T): void {
    this.#context.emit(value, this.#timestampMs, tag.id)
  }
  timestamp(): number | undefined {
    return Number.isNaN(this.#timestampMs) ? undefined : this.#timestampMs
  }
  timeDomain(): TimeDomain | undefined {
    return this.#domain
  }
  timerService(): TimerService {
    return this
  }
  getCurrentKey(): Key {
    return this.#context.getCurrentKey()
  }
  currentProcessingTime(): number {
    return this.#context.currentProcessingTime()
  }
  currentWatermark(): number {
    return this.#context.currentWatermark()
  }
  registerEventTimeTimer(timestampMs: number): void {
    this.#context.registerTimer('event', timestampMs)
  }
  registerProcessingTimeTimer(timestampMs: number): void {
    this.#context.registerTimer('processing', timestampMs)
  }
  deleteEventTimeTimer(timestampMs: number): void {
    this.#context.deleteTimer('event', timestampMs)
  }
  deleteProcessingTimeTimer(timestampMs: number): void {
    this.#context.deleteTimer('processing', timestampMs)
  }
}

export class ProcessOperator implements Operator {
  readonly #function: ProcessFunction
  #context!: FunctionContext

  constructor(processFunction: ProcessFunction) {
    this.#function = processFunction
  }
  open(context: OperatorContext): unknown {
    this.#context = new FunctionContext(context)
    return this.#function.open?.(new StateAccess(context))
  }
  processElement(value: unknown): unknown {
    this.#context.atElement()
    return this.#function.processElement(value, this.#context, this.#context)
  }
  onTimer(timer: Timer): unknown {
    this.#context.atTimer(timer)
    const result = this.#function.onTimer?.(timer.timestampMs, this.#context, this.#context)
    this.#context.afterTimer()
    return result
  }
  snapshotState(): unknown {
    return this.#function.snapshotState?.()
  }
  endInput(): unknown {
    this.#context.atEnd()
    return this.#function.endInput?.(this.#context)
  }
}

/** A process function as the body of a transformation. */
export const processBody = (factory: () => ProcessFunction): Body => ({
  kind: 'operator',
  operator: () => new ProcessOperator(factory()),
  user: { factory, methods: ['processElement'] },
})
