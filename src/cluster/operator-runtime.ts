/** Runs an operator with its state, timers and chained steps. Flink: AbstractStreamOperator with InternalTimeServiceManager. */
import type {
  Operator,
  OperatorContext,
  OperatorParts,
  RuntimeContext,
  TimeDomain,
  VertexSpec,
} from '../dataflow/index.ts'
import type { Attempt, Key, TimerEntry } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { Emitter } from './emitter.ts'
import { type ClusterParts, clusterParts } from './parts.ts'
import { StateBackend } from './state-backend.ts'
import { refusePromise, UserCodeError } from './user-code.ts'
import { IDLE, type VertexRuntime } from './vertex-runtime.ts'

/** How an operator passes on what is not a record. */
export interface OperatorHost {
  sendWatermark(timestampMs: number): void
  sendStatus(idle: boolean): void
}

export class OperatorRuntime implements VertexRuntime, OperatorContext {
  readonly backend = new StateBackend()
  readonly uid: string
  readonly subtask: number
  readonly parallelism: number
  readonly parts: ClusterParts & OperatorParts
  readonly #context: ClusterContext
  readonly #attempt: Attempt
  readonly #emitter: Emitter
  readonly #host: OperatorHost
  readonly #operator: Operator
  #timestamp = Number.NaN
  #watermark = Number.NEGATIVE_INFINITY
  #restored = false
  /** What a planted bug does to records, and how many have come so far, per logical input; null: there is none. */
  readonly #handsOver: ClusterParts['handsOver'] | null
  readonly #records: number[] = []
  /** Key of the timer that fired last. */
  #timerKey: Key | undefined

  constructor(context: ClusterContext, attempt: Attempt, vertex: VertexSpec, emitter: Emitter, host: OperatorHost) {
    const layout = context.layout.vertices[attempt.vertex]!
    this.uid = vertex.uid
    this.subtask = layout.subtask
    this.parallelism = layout.parallelism
    this.parts = context.parts
    const { handsOver } = context.parts
    this.#handsOver = handsOver === clusterParts.handsOver ? null : handsOver
    this.#context = context
    this.#attempt = attempt
    this.#emitter = emitter
    this.#host = host
    try {
      this.#operator = vertex.operator!()
    } catch (error) {
      throw new UserCodeError(`the factory of ${vertex.uid}`, error)
    }
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
    this.#guard('open', () => this.#operator.open?.(this))
  }
  poll(): typeof IDLE {
    return IDLE
  }
  record(slot: number, input: number, keyed: boolean): void {
    const { pool } = this.#context
    const value = pool.value[slot]
    if (this.#handsOver !== null && !this.#isHandedOver(input)) return
    this.#timestamp = pool.timestamp[slot]!
    if (keyed) this.backend.setKey(pool.key[slot] as Key, pool.keyGroup[slot]!)
    let result: unknown
    try {
      result = this.#operator.processElement(value, input)
    } catch (error) {
      throw error instanceof UserCodeError ? error : new UserCodeError(`processElement of ${this.uid}`, error)
    }
    if (result !== undefined) refusePromise(`processElement of ${this.uid}`, result)
    this.backend.clearKey()
  }
  #isHandedOver(input: number): boolean {
    const nth = (this.#records[input] ?? 0) + 1
    this.#records[input] = nth
    return this.#handsOver!(nth, input, this.#restored, this.subtask)
  }
  watermark(timestampMs: number): void {
    this.#watermark = timestampMs
    const { parts } = this
    const { observer } = this.#context
    observer.watermarkAdvanced(this.#attempt, timestampMs)
    for (;;) {
      const timer = this.backend.eventTimers.pop(parts.timersDueAt(timestampMs, this.#restored))
      if (timer === null) break
      this.#fire(timer)
    }
    observer.watermarkProcessed(this.#attempt, this.backend.eventTimers.next())
    if (this.#operator.processWatermark === undefined) this.#host.sendWatermark(timestampMs)
    else this.#guard('processWatermark', () => this.#operator.processWatermark!(timestampMs))
  }
  status(idle: boolean): void {
    if (this.#operator.processStatus === undefined) this.#host.sendStatus(idle)
    else this.#operator.processStatus(idle)
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
    const { domain, key, timestampMs, namespace } = timer
    this.#context.observer.timerFired(this.#attempt, domain, key, timestampMs, namespace)
    this.backend.setKey(this.parts.timerKey(key, this.#timerKey), timer.keyGroup)
    this.#timerKey = key
    this.#timestamp = domain === 'event' ? timestampMs : Number.NaN
    this.#guard('onTimer', () => this.#operator.onTimer?.(timer))
    this.backend.clearKey()
  }
  endInput(): void {
    this.#timestamp = Number.NaN
    this.#context.observer.inputEnded(this.#attempt)
    this.#guard('endInput', () => this.#operator.endInput?.())
  }
  beforeSnapshot(): void {
    this.#guard('snapshotState', () => this.#operator.snapshotState?.())
  }

  // what the operator sees
  timestampMs(): number {
    return this.#timestamp
  }
  emit(value: unknown, timestampMs: number, tag?: string): void {
    if (tag === undefined) this.#emitter.emit(value, timestampMs)
    else this.#emitter.emitAside(value, timestampMs, tag)
  }
  emitWatermark(timestampMs: number): void {
    this.#host.sendWatermark(timestampMs)
  }
  emitStatus(idle: boolean): void {
    this.#host.sendStatus(idle)
  }
  getCurrentKey(): Key {
    return this.backend.currentKey()
  }
  forEachKey(stateName: string, body: (key: Key) => void): void {
    for (const { key, keyGroup } of this.backend.keysOf(stateName)) {
      this.backend.setKey(key, keyGroup)
      body(key)
    }
    this.backend.clearKey()
  }
  currentProcessingTime(): number {
    const ms = Math.floor(this.#context.kernel.now / 1000)
    this.#context.observer.timeRead(this.#attempt, ms)
    return ms
  }
  currentWatermark(): number {
    return this.#watermark
  }
  registerTimer(domain: TimeDomain, timestampMs: number, namespace = ''): void {
    const { backend } = this
    const timers = domain === 'event' ? backend.eventTimers : backend.processingTimers
    timers.register(checkedTime(timestampMs), backend.currentKey(), backend.keyGroup, namespace)
  }
  deleteTimer(domain: TimeDomain, timestampMs: number, namespace = ''): void {
    if (!this.parts.deletesTimer(this.#restored)) return
    const { backend } = this
    const timers = domain === 'event' ? backend.eventTimers : backend.processingTimers
    timers.delete(timestampMs, backend.currentKey(), namespace)
  }
  getState: RuntimeContext['getState'] = (descriptor) => this.backend.value(descriptor)
  getListState: RuntimeContext['getListState'] = (descriptor) => this.backend.list(descriptor)
  getMapState: RuntimeContext['getMapState'] = (descriptor) => this.backend.map(descriptor)
  getReducingState: RuntimeContext['getReducingState'] = (descriptor) => this.backend.reducing(descriptor)
  getAggregatingState: RuntimeContext['getAggregatingState'] = (descriptor) => this.backend.aggregating(descriptor)
  getOperatorListState: RuntimeContext['getOperatorListState'] = (descriptor) => this.backend.operatorList(descriptor)
  getBroadcastState: RuntimeContext['getBroadcastState'] = (descriptor) => this.backend.broadcast(descriptor)
}

/** NaN would stand in no order with other timers, and undefined is a field that is not there. */
function checkedTime(timestampMs: number): number {
  if (Number.isInteger(timestampMs) || Math.abs(timestampMs) === Number.POSITIVE_INFINITY) return timestampMs
  throw new TypeError(
    `a timer must be set to whole milliseconds, but is set to ${String(timestampMs)}${Number.isNaN(timestampMs) ? ': has the element a timestamp?' : ''}`,
  )
}
