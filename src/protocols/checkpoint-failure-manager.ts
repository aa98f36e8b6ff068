/**
 * Counts failed checkpoints in a row, and says when they are too many. Flink: CheckpointFailureManager.
 *
 * Whose fault it was decides. A savepoint that fails on the coordinator's side is its user's business; a task that fails one
 * might fail anything, so it counts. A synchronous savepoint that a task has failed leaves the others waiting for an end that
 * never comes, so the job fails at once, whatever is tolerable.
 */
import { fields } from '../kernel/index.ts'
import {
  CHECKPOINT,
  CHECKPOINT_FAILURE_REASONS,
  FAILURE_REASON_NAMES,
  type SnapshotKind,
  SYNC_SAVEPOINT,
} from '../model/index.ts'

/** In place of an id: the checkpoint failed before it had one. */
export const NO_ID = -1
/** In place of an attempt: it was no task. */
export const NO_TASK = 0
/** As many failures as there may come. Flink: UNLIMITED_TOLERABLE_FAILURE_NUMBER. */
export const UNLIMITED = 2_147_483_647

/** What a failure leads to. */
export const TOLERATED = 0
/** The job fails. */
export const FAIL_JOB = 1
/** The job fails because of a task. */
export const FAIL_TASK = 2
export type FailureVerdict = typeof TOLERATED | typeof FAIL_JOB | typeof FAIL_TASK

const preFlight = FAILURE_REASON_NAMES.map((name) => CHECKPOINT_FAILURE_REASONS[name].preFlight)
const counts = FAILURE_REASON_NAMES.map((name) => CHECKPOINT_FAILURE_REASONS[name].counts)

export class CheckpointFailureManager extends fields({
  /** Failures in a row. */
  continuous: 'int',
  lastSucceeded: 'int',
}) {
  /** Checkpoints that are in the count: each is counted once, however often it fails. */
  readonly #counted = new Set<number>()

  reset(): void {
    this.lastSucceeded = NO_ID
    this.#forget()
  }
  #forget(): void {
    this.continuous = 0
    this.#counted.clear()
  }
  succeeded(checkpoint: number): void {
    if (checkpoint <= this.lastSucceeded) return
    this.lastSucceeded = checkpoint
    this.#forget()
  }
  /**
   * @param checkpoint or NO_ID
   * @param reason code
   * @param attempt of the task that failed it, or NO_TASK
   * @param tolerable failures in a row that the job survives
   */
  failed(checkpoint: number, reason: number, kind: SnapshotKind, attempt: number, tolerable: number): FailureVerdict {
    if (attempt === NO_TASK || preFlight[reason]!)
      return kind === CHECKPOINT && this.#tooMany(checkpoint, reason, tolerable) ? FAIL_JOB : TOLERATED
    if (kind === SYNC_SAVEPOINT) return FAIL_JOB
    return this.#tooMany(checkpoint, reason, tolerable) ? FAIL_TASK : TOLERATED
  }
  /** The count is looked at even if this failure does not go against it. */
  #tooMany(checkpoint: number, reason: number, tolerable: number): boolean {
    if (checkpoint !== NO_ID && checkpoint <= this.lastSucceeded) return false
    if (counts[reason]! && tolerable !== UNLIMITED) this.#count(checkpoint)
    if (this.continuous <= tolerable) return false
    this.#forget()
    return true
  }
  #count(checkpoint: number): void {
    if (checkpoint !== NO_ID) {
      if (this.#counted.has(checkpoint)) return
      this.#counted.add(checkpoint)
    }
    this.continuous += 1
  }
}
