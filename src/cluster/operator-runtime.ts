/** A process function with its state, timers and chained steps. Flink: KeyedProcessOperator, ProcessOperator. */
import type {
  Collector,
  ProcessContext,
  ProcessFunction,
  RuntimeContext,
  TimeDomain,
  TimerService,
  VertexSpec,
} from '../dataflow/index.ts'
import type { Attempt, Key, TimerEntry } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { Emitter } from './emitter.ts'
import { StateBackend } from './state-backend.ts'
import { refusePromise, UserCodeError } from './user-code.ts'
import { IDLE, type VertexRuntime } from './vertex-runtime.ts'

export class OperatorRuntime
  implements VertexRuntime, TimerService, ProcessContext, RuntimeContext, Collector<unknown>
{
  readonly backend = new StateBackend()
  readonly uid: string
  readonly subtask: number
  readonly parallelism: number
  readonly #context: ClusterContext
  readonly #attempt: Attempt
  readonly #vertex: VertexSpec
  readonly #emitter: Emitter
  readonly #function: ProcessFunction
  #timestamp = Number.NaN
  #watermark = Number.NEGATIVE_INFINITY
  #restored = false
  #domain: TimeDomain | undefined

  constructor(context: ClusterContext, attempt: Attempt, vertex: VertexSpec, emitter: Emitter) {
    const layout = context.layout.vertices[attempt.vertex]!
    this.uid = vertex.uid
    this.subtask = layout.subtask
    this.parallelism = layout.parallelism
    this.#context = context
    this.#attempt = attempt
    this.#vertex = vertex
    this.#emitter = emitter
    try {
      this.#function = vertex.process!()
    } catch (error) {
      throw new UserCodeError(`the factory of ${vertex.uid}`, error)
    }
    refusePromise(`the factory of ${vertex.uid}`, this.#function)
  }
  #guard(call: string, body: () => unknown): void {
    let result: unknown
    try {
      result = body()
    } catch (error) {
      throw error instanceof UserCodeError ? error : new UserCodeError(`${call} of ${this.uid}`, error)
    }
    if (result !== undefined) refusePromise(`${call} of ${this.uid}`, result)
  }
  open(restored: boolean): void {
    this.#restored = restored
    this.#guard('open', () => this.#function.open?.(this))
  }
  poll(): typeof IDLE {
    return IDLE
  }
  record(slot: number): void {
    const { pool } = this.#context
    const value = pool.value[slot]
    this.#timestamp = pool.timestamp[slot]!
    if (this.#vertex.keyed) this.backend.setKey(pool.key[slot] as Key, pool.keyGroup[slot]!)
    let result: unknown
    try {
      result = this.#function.processElement(value, this, this)
    } catch (error) {
      throw error instanceof UserCodeError ? error : new UserCodeError(`processElement of ${this.uid}`, error)
    }
    if (result !== undefined) refusePromise(`processElement of ${this.uid}`, result)
    this.backend.clearKey()
  }
  watermark(minimumMs: number): void {
    this.#watermark = minimumMs
    const { parts, observer } = this.#context
    observer.watermarkAdvanced(this.#attempt, minimumMs)
    for (;;) {
      const timer = this.backend.eventTimers.pop(parts.timersDueAt(minimumMs, this.#restored))
      if (timer === null) break
      this.#fire(timer)
    }
    observer.watermarkProcessed(this.#attempt, this.backend.eventTimers.next())
  }
  processingTime(nowMs: number): void {
    for (;;) {
      const timer = this.backend.processingTimers.pop(nowMs)
      if (timer === null) return
      this.#fire(timer)
    }
  }
  nextProcessingTimer(): number {
    return this.backend.processingTimers.next()
  }
  #fire(timer: TimerEntry): void {
    this.#context.observer.timerFired(this.#attempt, timer.domain, timer.key, timer.timestampMs)
    this.backend.setKey(timer.key, timer.keyGroup)
    // Flink erases the timestamp of what a processing-time timer emits
    this.#timestamp = timer.domain === 'event' ? timer.timestampMs : Number.NaN
    this.#domain = timer.domain
    this.#guard('onTimer', () => this.#function.onTimer?.(timer.timestampMs, this, this))
    this.#domain = undefined
    this.backend.clearKey()
  }
  endInput(): void {
    this.#timestamp = Number.NaN
    this.#context.observer.inputEnded(this.#attempt)
    this.#guard('endInput', () => this.#function.endInput?.(this))
  }
  beforeSnapshot(): void {
    this.#guard('snapshotState', () => this.#function.snapshotState?.())
  }

  // what user code sees
  collect(value: unknown): void {
    this.#emitter.emit(value, this.#timestamp)
  }
  timestamp(): number | undefined {
    return Number.isNaN(this.#timestamp) ? undefined : this.#timestamp
  }
  timeDomain(): TimeDomain | undefined {
    return this.#domain
  }
  timerService(): TimerService {
    return this
  }
  getCurrentKey(): Key {
    return this.backend.currentKey()
  }
  currentProcessingTime(): number {
    const ms = Math.floor(this.#context.kernel.now / 1000)
    this.#context.observer.timeRead(this.#attempt, ms)
    return ms
  }
  currentWatermark(): number {
    return this.#watermark
  }
  registerEventTimeTimer(timestampMs: number): void {
    this.backend.eventTimers.register(timestampMs, this.backend.currentKey(), this.backend.keyGroup)
  }
  registerProcessingTimeTimer(timestampMs: number): void {
    this.backend.processingTimers.register(timestampMs, this.backend.currentKey(), this.backend.keyGroup)
  }
  deleteEventTimeTimer(timestampMs: number): void {
    this.backend.eventTimers.delete(timestampMs, this.backend.currentKey())
  }
  deleteProcessingTimeTimer(timestampMs: number): void {
    this.backend.processingTimers.delete(timestampMs, this.backend.currentKey())
  }
  getState: RuntimeContext['getState'] = (descriptor) => this.backend.value(descriptor)
  getListState: RuntimeContext['getListState'] = (descriptor) => this.backend.list(descriptor)
  getMapState: RuntimeContext['getMapState'] = (descriptor) => this.backend.map(descriptor)
  getReducingState: RuntimeContext['getReducingState'] = (descriptor) => this.backend.reducing(descriptor)
  getAggregatingState: RuntimeContext['getAggregatingState'] = (descriptor) => this.backend.aggregating(descriptor)
  getOperatorListState: RuntimeContext['getOperatorListState'] = (descriptor) => this.backend.operatorList(descriptor)
}
