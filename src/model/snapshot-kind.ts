/**
 * What kind of snapshot a checkpoint is. A savepoint belongs to the user: it is not subsumed, not restored from by itself, and
 * no side effects are committed on it. A synchronous one ends the job, so it is announced like a checkpoint.
 * Flink: SnapshotType.
 */
export const CHECKPOINT = 0
export const SAVEPOINT = 1
export const SYNC_SAVEPOINT = 2
/** Who asks for a snapshot that nobody waits for. */
export const NOBODY = -1
export type SnapshotKind = typeof CHECKPOINT | typeof SAVEPOINT | typeof SYNC_SAVEPOINT

/**
 * The second operand of a trigger: the kind, and whether the barriers may overtake what is in the channels. Savepoints are
 * always aligned, so that they can be read at another parallelism and by other programs.
 */
export const triggerOperand = (kind: SnapshotKind, unaligned: boolean): number =>
  kind * 2 + (unaligned && kind === CHECKPOINT ? 1 : 0)
export const mayOvertake = (operand: number): boolean => (operand & 1) === 1
