/** What runs inside a task: a fresh one for every attempt. The task says when, the runtime calls the user's code. */
import type { StateBackend } from './state-backend.ts'

/** Nothing can be done now; the task is woken when that changes. */
export const IDLE = 0
/** A step was made; there may be more. */
export const STEPPED = 1
/** The input has ended for good. */
export const ENDED = 2

export interface VertexRuntime {
  readonly backend: StateBackend
  /** Opens user functions. @param restored whether state was taken from a checkpoint */
  open(restored: boolean): void
  /** Sources: reads on. */
  poll(): typeof IDLE | typeof STEPPED | typeof ENDED
  /** Operators and sinks: a record on a logical input; `keyed`: its key is in the payload slot. */
  record(slot: number, input: number, keyed: boolean): void
  /** The watermark over all inputs has risen: timers fire, and it goes on. */
  watermark(timestampMs: number): void
  /** All inputs have become idle, or one is active again. */
  status(idle: boolean): void
  /** Processing-time timers that are due fire. */
  processingTime(nowMs: number): void
  /** Timestamp of the next processing-time timer, ms; Infinity if none. */
  nextProcessingTimer(): number
  /** All inputs have ended, or the source has. */
  endInput(): void
  /** The user's part of a snapshot: operator state is put into its lists. */
  beforeSnapshot(): void
}
