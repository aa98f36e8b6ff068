/**
 * What protocols and cluster say to each other about records in flight: those that a barrier has overtaken, which are part of the
 * checkpoint and come back before all others when it is restored.
 */

// Kinds of barriers besides the plain one, which goes behind the records and stays there. Flink: CheckpointOptions.AlignmentType.
/** Overtakes what is queued. */
export const UNALIGNED_BARRIER = 6
/** Goes behind the records, is announced before them, and overtakes them if that takes too long. */
export const TIMED_BARRIER = 7
/** Would overtake, but the edge does not let it: goes behind the records, and overtakes again after the next task. */
export const FORCED_BARRIER = 8
/** Not a barrier: the word, before the records, that a timed one has come behind them. Flink: EventAnnouncement. */
export const ANNOUNCEMENT = 9

/** An input channel, as its persister sees it. */
export interface PersistedChannel {
  /** All data that lies in it before its newest barrier becomes channel state of the checkpoint. */
  persistQueued(checkpoint: number): void
  /** The data that has just arrived becomes channel state of the checkpoint. */
  persistArrived(checkpoint: number): void
}
/** Decides what of an input channel becomes channel state. Flink: ChannelStatePersister. */
export interface ChannelPersister {
  reset(): void
  /** A checkpoint without alignment begins. False if a barrier of a newer one has been received: it must not. */
  start(checkpoint: number): boolean
  /** The checkpoint has all its barriers, or is given up. */
  stop(checkpoint: number): void
  /** Data has arrived: a record, watermark or status. */
  dataArrived(): void
  /** A barrier has arrived, whoever reads it later. False if it is obsolete. */
  barrierArrived(checkpoint: number): boolean
  /** An announcement says which checkpoint its barrier is of, and nothing else. */
  announcementArrived(checkpoint: number): boolean
}
