/**
 * What runs in a task that had finished before the checkpoint that it was restored from: none of the user's code. It says again
 * that nothing comes any more, and keeps the state that it had at the end. Flink: FinishedOperatorChain,
 * StreamTaskFinishedOnRestoreSourceInput and FinishedOnRestoreInput.
 */
import { StateBackend } from './state-backend.ts'
import { IDLE, type VertexRuntime } from './vertex-runtime.ts'

export class FinishedRuntime implements VertexRuntime {
  readonly backend = new StateBackend()
  readonly #name: string
  readonly #sendWatermark: (timestampMs: number) => void
  constructor(name: string, sendWatermark: (timestampMs: number) => void) {
    this.#name = name
    this.#sendWatermark = sendWatermark
  }
  open(): void {}
  poll(): typeof IDLE {
    return IDLE
  }
  /** @throws always: whoever is before it has finished as well */
  record(): void {
    throw new Error(`${this.#name} had finished before the restored checkpoint, but a record has come`)
  }
  watermark(timestampMs: number): void {
    this.#sendWatermark(timestampMs)
  }
  status(): void {}
  processingTime(): void {}
  nextProcessingTimer(): number {
    return Number.POSITIVE_INFINITY
  }
  endInput(): void {}
  beforeSnapshot(): void {}
}
