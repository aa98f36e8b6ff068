/**
 * One operator with a real state store and timers, and a test in place of the runtime: elements, watermarks and the clock come by
 * calls, and it can be restored from its own snapshot at any moment.
 */
import { copyOf, StateBackend } from '../../src/cluster/state-backend.ts'
import {
  type DataStream,
  type DataStreamSink,
  fromArray,
  type Operator,
  type OperatorContext,
  operatorParts,
  StreamExecutionEnvironment,
  transactionalLog,
  WatermarkStrategy,
} from '../../src/dataflow/index.ts'
import type { Key } from '../../src/model/index.ts'

/** What the operator emitted: a record, or a watermark that it passed on. */
export type Emitted =
  | { readonly value: unknown; readonly at: number; readonly tag?: string }
  | { readonly watermark: number }

interface Made {
  readonly operator: () => Operator
  readonly keyOf: (value: unknown) => Key
}

/** The operator that `write` adds behind a stream of values; the one before the sink. */
export function operatorOf<T>(write: (stream: DataStream<T>) => DataStream<unknown>): Made {
  const env = new StreamExecutionEnvironment().enableCheckpointing(1000)
  const strategy = WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner<T>(() => 0)
  const sink: DataStreamSink = write(env.fromSource(fromArray<T>([]), 'in', strategy)).sinkTo(transactionalLog('out'))
  sink.uid('out')
  const { vertices, edges } = env.jobGraph()
  const last = edges.find((edge) => vertices[edge.to]!.uid === 'out')!.from
  const keyOf = edges.find((edge) => edge.to === last)!.keyOf as (value: unknown) => Key
  return { operator: vertices[last]!.operator!, keyOf }
}

export class OperatorDriver {
  readonly emitted: Emitted[] = []
  readonly #made: Made
  #backend = new StateBackend()
  #operator!: Operator
  #watermarkMs = Number.NEGATIVE_INFINITY
  #timestampMs = Number.NaN
  #nowMs = 0

  constructor(made: Made) {
    this.#made = made
    this.#open()
  }
  element(value: unknown, timestampMs = Number.NaN): this {
    this.#timestampMs = timestampMs
    this.#backend.setKey(this.#made.keyOf(value), 0)
    this.#operator.processElement(value, 0)
    this.#backend.clearKey()
    return this
  }
  watermark(timestampMs: number): this {
    if (timestampMs <= this.#watermarkMs) return this
    this.#watermarkMs = timestampMs
    this.#fire(this.#backend.eventTimers, timestampMs)
    if (this.#operator.processWatermark === undefined) this.emitted.push({ watermark: timestampMs })
    else this.#operator.processWatermark(timestampMs)
    return this
  }
  /** Turns the clock. */
  clock(nowMs: number): this {
    this.#nowMs = nowMs
    this.#fire(this.#backend.processingTimers, nowMs)
    return this
  }
  /** A fresh operator takes over from a snapshot; it hears the last watermark at once, before any timer could fire. */
  restore(): this {
    const backend = new StateBackend()
    backend.adopt(copyOf(this.#backend.live()))
    this.#backend = backend
    this.#open()
    return this
  }
  /** The records that were emitted, with their timestamps. */
  rows(tag?: string): (readonly [value: unknown, at: number])[] {
    return this.emitted.flatMap((e) => ('value' in e && e.tag === tag ? [[e.value, e.at] as const] : []))
  }
  /** The watermarks that it passed on. */
  watermarks(): number[] {
    return this.emitted.flatMap((e) => ('watermark' in e ? [e.watermark] : []))
  }
  /** Digests of all there is in state. */
  digest(): { keyed: number; timers: number; lists: number; bytes: number } {
    return { ...this.#backend.digest({ keyed: 0, timers: 0, lists: 0, bytes: 0 }) }
  }
  /** Bytes of state, timers among them. */
  stateBytes(): number {
    return this.digest().bytes
  }
  #fire(timers: StateBackend['eventTimers'], upToMs: number): void {
    for (let timer = timers.pop(upToMs); timer !== null; timer = timers.pop(upToMs)) {
      this.#timestampMs = timer.domain === 'event' ? timer.timestampMs : Number.NaN
      this.#backend.setKey(timer.key, 0)
      this.#operator.onTimer?.(timer)
      this.#backend.clearKey()
    }
  }
  #open(): void {
    this.#operator = this.#made.operator()
    this.#operator.open?.(this.#context())
  }
  #context(): OperatorContext {
    const backend = this.#backend
    return {
      uid: 'window',
      subtask: 0,
      parallelism: 1,
      parts: operatorParts,
      timestampMs: () => this.#timestampMs,
      getCurrentKey: () => backend.currentKey(),
      currentWatermark: () => this.#watermarkMs,
      currentProcessingTime: () => this.#nowMs,
      registerTimer(domain, timestampMs, namespace) {
        const timers = domain === 'event' ? backend.eventTimers : backend.processingTimers
        timers.register(timestampMs, backend.currentKey(), 0, namespace)
      },
      deleteTimer(domain, timestampMs, namespace) {
        const timers = domain === 'event' ? backend.eventTimers : backend.processingTimers
        timers.delete(timestampMs, backend.currentKey(), namespace)
      },
      emit: (value, at, tag) => void this.emitted.push(tag === undefined ? { value, at } : { value, at, tag }),
      emitWatermark: (watermark) => void this.emitted.push({ watermark }),
      emitStatus() {},
      forEachKey() {},
      getState: (descriptor) => backend.value(descriptor),
      getListState: (descriptor) => backend.list(descriptor),
      getMapState: (descriptor) => backend.map(descriptor),
      getReducingState: (descriptor) => backend.reducing(descriptor),
      getAggregatingState: (descriptor) => backend.aggregating(descriptor),
      getOperatorListState: (descriptor) => backend.operatorList(descriptor),
      getBroadcastState: (descriptor) => backend.broadcast(descriptor),
    }
  }
}
