/**
 * Where ghosts and oracles listen. The cluster calls these below protocol code: in the dispatcher that calls user functions,
 * in the state store, in the external systems; the coordinator calls those that no lower layer can see. Whoever implements
 * it shares no code with the callers.
 */
import type { ExternalObserver } from './external-change.ts'
import type { Shape } from './layout.ts'
import type { QuorumObserver } from './quorum-observer.ts'
import type { SnapshotKind } from './snapshot-kind.ts'
import type { CompletedCheckpoint, SnapshotContent, SnapshotFile, StateDigest } from './state.ts'

/** An attempt of a vertex, as ghosts know it. */
export interface Attempt {
  readonly id: number
  readonly vertex: number
  readonly execution: number
  readonly branch: number
  readonly taskManager: number
}
export interface Observer extends ExternalObserver {
  // phases
  phase(code: number): void

  // lineage
  /** @param epoch of the leader that has read it; of the one that leads if left out */
  basisRead(basis: CompletedCheckpoint | null, epoch?: number): void
  /**
   * @param shape what of the layout runs; its first shape if left out
   * @param epoch of the leader that begins it; of the one that leads if left out
   */
  fork(basis: CompletedCheckpoint | null, execution: number, shape?: Shape, epoch?: number): number
  /** null: too many failed checkpoints, or the job is rescaled. */
  restarting(failed: Attempt | null, current: number): void
  attemptFailed(attempt: Attempt): void
  jobFailed(): void
  jobRunning(): void

  // splits
  splitAssigned(branch: number, source: number, split: number, subtask: number): void
  splitAdded(attempt: Attempt, split: number): void
  splitFinished(attempt: Attempt, split: number): void
  enumeratorReset(branch: number, source: number, unassigned: readonly number[]): void

  // user calls; `slot` is a payload slot
  read(attempt: Attempt, split: number, position: number, value: unknown): void
  send(attempt: Attempt, edge: number, slot: number): void
  receive(attempt: Attempt, channel: number, slot: number): void
  /** A record of channel state is in flight again, at the sender's end of the channel or at the receiver's. */
  recovered(attempt: Attempt, channel: number, slot: number): void
  watermark(attempt: Attempt, channel: number, timestampMs: number): void
  /** A watermark goes out on a channel; only where one can be in flight in a checkpoint. */
  watermarkSent(attempt: Attempt, channel: number, timestampMs: number): void
  /** The sender of a channel has become idle, or is active again. */
  status(attempt: Attempt, channel: number, idle: boolean): void
  /** The watermark over the inputs has risen; before timers fire. */
  watermarkAdvanced(attempt: Attempt, timestampMs: number): void
  /** All timers that are due have fired. */
  watermarkProcessed(attempt: Attempt, earliestTimerMs: number): void
  timerFired(
    attempt: Attempt,
    domain: 'event' | 'processing',
    key: unknown,
    timestampMs: number,
    namespace: string,
  ): void
  timeRead(attempt: Attempt, timeMs: number): void
  inputEnded(attempt: Attempt): void
  userError(attempt: Attempt, error: unknown): void

  // state
  /** Inputs that were held back for a checkpoint go on; from the first barrier to the last, microseconds. Flink: alignment duration. */
  aligned(attempt: Attempt, durationUs: number): void
  sync(attempt: Attempt, checkpoint: number, digest: StateDigest): void
  upload(attempt: Attempt, file: SnapshotFile, content: SnapshotContent): void
  restored(attempt: Attempt, file: SnapshotFile | null, digest: StateDigest): void

  // storage and store
  fileDurable(file: SnapshotFile): void
  fileDeleted(file: SnapshotFile): void
  fileMissing(attempt: Attempt, file: SnapshotFile): void
  entryDurable(entry: CompletedCheckpoint, storeEpoch: number): void
  entryRemoved(entry: CompletedCheckpoint): void
  /** A savepoint is complete: it is not in the store but with its user. */
  savepointTaken(savepoint: CompletedCheckpoint): void

  // coordination
  /** @param epoch of the leader that triggers it */
  triggered(checkpoint: number, kind: SnapshotKind, epoch?: number): void
  expired(checkpoint: number, triggeredAtUs: number): void
  completed(checkpoint: number, epoch?: number): void
  notified(attempt: Attempt, checkpoint: number, restored: number): void

  // output
  transactionOpened(attempt: Attempt, transaction: number): void
  written(attempt: Attempt, transaction: number, value: unknown, accepted: boolean): void
  prepared(attempt: Attempt, transaction: number): void
  committed(attempt: Attempt, transaction: number): void
  commitLost(attempt: Attempt, transaction: number, timedOut: boolean): void
  appended(attempt: Attempt, value: unknown): void

  finished(): void

  /** Where the nodes of the metadata quorum are heard. Absent: where there is none. */
  quorumGhosts?(): QuorumObserver
}
