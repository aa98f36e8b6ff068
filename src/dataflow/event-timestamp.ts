/**
 * Event time as functions of the user give it: whole milliseconds, as Flink's are a long, or Infinity, the end of time. Anything
 * else would go on as far as a timer or a window, where nobody sees any more where it came from.
 */
import { inWords, JobError } from './job-error.ts'
import type { WatermarkGenerator, WatermarkOutput } from './job-graph.ts'

/**
 * The timestamp that was assigned to a record; NaN: it has none.
 * @throws JobError if it is anything else, such as a date, a text, or the undefined of a field that is not there
 */
export function assignedTimestampMs(assigned: unknown): number {
  if (isWhole(assigned) || Number.isNaN(assigned)) return assigned as number
  throw new JobError(`a timestamp assigner must return whole milliseconds, but returned ${inWords(assigned)}`)
}

/** A generator of the user whose watermarks are checked. */
export class CheckedGenerator implements WatermarkGenerator, WatermarkOutput {
  readonly #generator: WatermarkGenerator
  #output!: WatermarkOutput

  constructor(generator: WatermarkGenerator) {
    this.#generator = generator
  }
  onEvent(value: unknown, timestampMs: number, output: WatermarkOutput): void {
    this.#output = output
    this.#generator.onEvent(value, timestampMs, this)
  }
  onPeriodicEmit(output: WatermarkOutput): void {
    this.#output = output
    this.#generator.onPeriodicEmit(this)
  }
  emitWatermark(timestampMs: number): void {
    if (!isWhole(timestampMs))
      throw new JobError(`a watermark generator must emit whole milliseconds, but emits ${inWords(timestampMs)}`)
    this.#output.emitWatermark(timestampMs)
  }
  markIdle(): void {
    this.#output.markIdle()
  }
  markActive(): void {
    this.#output.markActive()
  }
}

const isWhole = (ms: unknown): ms is number =>
  typeof ms === 'number' && (Number.isInteger(ms) || ms === Number.POSITIVE_INFINITY || ms === Number.NEGATIVE_INFINITY)
