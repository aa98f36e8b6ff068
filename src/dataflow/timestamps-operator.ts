/** Assigns timestamps and watermarks in the middle of a job. Flink: TimestampsAndWatermarksOperator; it has no state. */
import type { WatermarkGenerator, WatermarkOutput, WatermarkSpec } from './job-graph.ts'
import type { Operator, OperatorContext } from './operator.ts'

/** Elements between two calls of onPeriodicEmit. */
export const PERIODIC_EMIT_EVERY = 3

export class TimestampsOperator implements Operator, WatermarkOutput {
  readonly #timestampOf: (value: unknown, recordTimestampMs: number) => number
  readonly #generator: WatermarkGenerator
  #context!: OperatorContext
  #watermarkMs = Number.NEGATIVE_INFINITY
  #idle = false
  #elements = 0

  constructor(spec: WatermarkSpec) {
    this.#timestampOf = spec.timestampOf as (value: unknown, recordTimestampMs: number) => number
    this.#generator = spec.generator()
  }
  open(context: OperatorContext): void {
    this.#context = context
  }
  processElement(value: unknown): void {
    const timestampMs = this.#timestampOf(value, this.#context.timestampMs())
    this.#context.emit(value, timestampMs)
    this.#generator.onEvent(value, timestampMs, this)
    this.#elements += 1
    if (this.#elements % PERIODIC_EMIT_EVERY === 0) this.#generator.onPeriodicEmit(this)
  }
  /** Watermarks from above are dropped, up to the last one. */
  processWatermark(timestampMs: number): void {
    if (timestampMs === Number.POSITIVE_INFINITY) this.emitWatermark(timestampMs)
  }
  processStatus(): void {}

  emitWatermark(timestampMs: number): void {
    if (timestampMs <= this.#watermarkMs) return
    this.#watermarkMs = timestampMs
    this.markActive()
    this.#context.emitWatermark(timestampMs)
  }
  markIdle(): void {
    if (this.#idle) return
    this.#idle = true
    this.#context.emitStatus(true)
  }
  markActive(): void {
    if (!this.#idle) return
    this.#idle = false
    this.#context.emitStatus(false)
  }
}
