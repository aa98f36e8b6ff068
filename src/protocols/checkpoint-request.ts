import type { SnapshotKind } from '../model/index.ts'

/**
 * A request for a snapshot, packed into one int, so that a pending checkpoint can keep it in world memory: who asks (NOBODY:
 * nobody), the kind of snapshot, and whether it comes from the periodic schedule. Flink: CheckpointTriggerRequest.
 */
export const checkpointRequest = (kind: SnapshotKind, periodic: boolean, requester: number): number =>
  (requester + 1) * 8 + kind * 2 + (periodic ? 1 : 0)
export const kindOf = (request: number): SnapshotKind => ((request >> 1) & 3) as SnapshotKind
export const isPeriodic = (request: number): boolean => (request & 1) === 1
export const requesterOf = (request: number): number => (request >> 3) - 1
