/**
 * What the runtime of a vertex runs. Everything that a user can put between a source and a sink becomes an operator: process
 * functions, windows, joins, broadcast. An operator is written over keyed state, operator state and timers alone, so that its
 * state is in the checkpoint and oracles can run it again.
 *
 * ```
 *   record on an input ──> key set ──> processElement ──> emit(value, timestamp, tag)
 *   watermark over all inputs rises ──> timers up to it fire (onTimer, key set) ──> processWatermark ──> emitWatermark
 * ```
 *
 * Flink: StreamOperator with InternalTimerService. A timer is one of (key, namespace, timestamp): registering it twice is
 * registering it once.
 */
import type { Key } from '../model/index.ts'
import type { RuntimeContext, TimeDomain } from './functions.ts'
import type { OperatorParts } from './operator-parts.ts'

/** A timer that fires, under its key. */
export interface Timer {
  readonly domain: TimeDomain
  readonly timestampMs: number
  /** What else tells timers of one key and time apart, such as a window; '' if nothing. */
  readonly namespace: string
}

/** Calls return what the user's function returned, so that a promise can be refused; anything else is ignored. */
export interface Operator {
  open?(context: OperatorContext): unknown
  /** @param input the logical input, from 0; the current key is set if that input is keyed */
  processElement(value: unknown, input: number): unknown
  onTimer?(timer: Timer): unknown
  /**
   * The watermark over all inputs has risen, and the timers up to it have fired. Whoever defines this forwards the watermark
   * itself, with `emitWatermark`; without it, it is forwarded.
   */
  processWatermark?(timestampMs: number): void
  /** All inputs have become idle, or one has become active again; forwarded if this is not defined. */
  processStatus?(idle: boolean): void
  /** The sync point of every checkpoint, before operator state is copied. */
  snapshotState?(): unknown
  /** All inputs have ended, after the last watermark. */
  endInput?(): unknown
}

/** What `open` gets. Flink: AbstractStreamOperator's protected methods. */
export interface OperatorContext extends RuntimeContext {
  /** Event timestamp of the element or event timer in hand, ms; NaN: none. */
  timestampMs(): number
  getCurrentKey(): Key
  /** The last watermark over all inputs, ms; -Infinity before the first. While its timers fire it is the new one. */
  currentWatermark(): number
  /** Wall clock of the task, ms (virtual). A time read is a determinant of the run. */
  currentProcessingTime(): number
  registerTimer(domain: TimeDomain, timestampMs: number, namespace?: string): void
  deleteTimer(domain: TimeDomain, timestampMs: number, namespace?: string): void
  /**
   * Emits a record.
   * @param timestampMs its event timestamp; NaN: none
   * @param tag name of the side output; the main output if left out
   */
  emit(value: unknown, timestampMs: number, tag?: string): void
  emitWatermark(timestampMs: number): void
  emitStatus(idle: boolean): void
  /** Runs `body` under each key of this subtask that has something under the state name, in the order of the keys. */
  forEachKey(stateName: string, body: (key: Key) => void): void
  /** Rules of the operators that Cutline brings along. */
  readonly parts: OperatorParts
}
