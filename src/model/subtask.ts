/**
 * What a task and its protocol say to each other about the snapshot itself, once the barriers are in place. Flink: the
 * SubtaskCheckpointCoordinator, and what it is given.
 */
import type { TIMED_BARRIER } from './channel-state.ts'
import type { CheckpointFailureReason } from './checkpoint-failure-reason.ts'

/** Kinds of control elements in a channel. */
export const BARRIER = 2
export const CANCEL = 3

/** What a task does for its checkpoints. None of it calls back at once. */
export interface SubtaskHost {
  /** A task that does not run hears no notices and declines nothing. */
  readonly running: boolean
  /** Abort notices that are remembered, unless the protocol says; Flink: as many as there are checkpoints at once (FLINK-28474). */
  readonly rememberedAborts?: number
  /** Operators do what has to be done before the barrier goes out; comes back as `prepared`. */
  prepareSnapshot(checkpoint: number): void
  /**
   * Sends a control element on all outputs, behind what has been emitted.
   * @param priority true if it overtakes what is before it
   */
  broadcast(kind: typeof BARRIER | typeof TIMED_BARRIER | typeof CANCEL, checkpoint: number, priority: boolean): void
  /** The state is copied; comes back as `taken` or `notTaken`. */
  takeSnapshot(checkpoint: number): void
  /** The copy is made into bytes; comes back as `serialized`. */
  startAsync(checkpoint: number): void
  /** The bytes are stored; comes back as `stored` or `notStored`. */
  upload(checkpoint: number): void
  /** @param file what `stored` has named */
  acknowledge(checkpoint: number, file: number): void
  /** Nobody is going to hear of this file. */
  discard(file: number): void
  /** The task will not take this checkpoint. */
  decline(checkpoint: number, reason: CheckpointFailureReason): void
  /** A completed checkpoint is news for the operators. */
  checkpointComplete(checkpoint: number): void
}

/** What a task tells its checkpoints. */
export interface SubtaskCheckpoints {
  prepared(checkpoint: number): void
  taken(checkpoint: number): void
  notTaken(checkpoint: number): void
  serialized(checkpoint: number): void
  /** @param file handed on to `acknowledge` */
  stored(checkpoint: number, file: number): void
  /** @param file what may have been stored all the same */
  notStored(checkpoint: number, file: number): void
}
