/**
 * What protocols and cluster say to each other about records in flight: those that a barrier has overtaken, which are part of the
 * checkpoint and come back before all others when it is restored.
 */

// Kinds of barriers besides the plain one, which goes behind the records and stays there. Flink: CheckpointOptions.AlignmentType.
/** Overtakes what is queued. */
export const UNALIGNED_BARRIER = 6
/** Goes behind the records, is announced before them, and overtakes them if that takes too long. */
export const TIMED_BARRIER = 7
/** A timed one on an edge that lets none overtake: goes behind the records and stays there, and is timed again after the next task. */
export const FORCED_BARRIER = 8
/** Not a barrier: the word, before the records, that a timed one has come behind them. Flink: EventAnnouncement. */
export const ANNOUNCEMENT = 9
// 10 is a token of a loop
/** One that overtakes, on an edge that lets none: goes behind the records, and overtakes again right after the next task. */
export const FORCED_UNALIGNED_BARRIER = 11

/** An input channel, as its persister sees it. */
export interface PersistedChannel {
  /** A barrier of an older checkpoint that has arrived is no boundary of what lies in it. */
  forgetOlderBarrier(checkpoint: number): void
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
}

/** Codes of the timers of a task whose barriers may overtake: of its inputs, and of its outputs. */
export const ALIGNMENT_TIMER = 0
export const OUTPUT_TIMER = 1

/** The inputs of a task whose barriers may overtake records. Flink: CheckpointableInput, and what a barrier carries. */
export interface OvertakenInputs {
  readonly nowUs: number
  /** For how long a barrier may align from the trigger of its checkpoint on, microseconds; 0: not at all. */
  readonly alignedTimeoutUs: number
  /** When the coordinator has triggered it, microseconds: its barriers carry that. */
  triggeredAtUs(checkpoint: number): number
  /** The announced barrier of an input goes to the front. Flink: convertToPriorityEvent. */
  prioritize(input: number): void
  /** A checkpoint without alignment begins on all inputs. False if one of them has received a newer barrier. Flink: checkpointStarted. */
  startPersisting(checkpoint: number): boolean
  /** Flink: checkpointStopped. */
  stopPersisting(checkpoint: number): void
  /** One at a time: comes back as a timer with code ALIGNMENT_TIMER unless it is disarmed before. */
  armAlignmentTimer(checkpoint: number, delayUs: number): void
  disarmAlignmentTimer(): void
}
/**
 * The inputs of a task whose protocol writes down what is in flight as it is read: what comes on an input between the task's
 * snapshot and the marker of that input. Whatever is recorded is handed over all the same.
 */
export interface RecordedInputs {
  /** From now on, records and watermarks that are read from the input belong to the checkpoint. */
  recordInput(checkpoint: number, input: number): void
  /** What comes from now on lies behind the input's marker. */
  stopRecording(checkpoint: number, input: number): void
  /** Nothing more is recorded for the checkpoint, on any input: it has its last marker, or is given up. Its channel state waits for that. */
  closeRecording(checkpoint: number): void
}
/**
 * Whoever writes down what is in flight when a checkpoint goes past it. Flink: ChannelStateWriter, and what the operator chain
 * does to its outputs.
 */
export interface ChannelStateHost {
  start(checkpoint: number): void
  /** What lies in the inputs now belongs to the checkpoint. */
  persistInputs(checkpoint: number): void
  finishInputs(checkpoint: number): void
  /** What a barrier has overtaken in the outputs was handed over when it was sent. */
  finishOutputs(checkpoint: number): void
  /** The snapshot takes over what was written. */
  takeResult(checkpoint: number): void
  /** @param cleanup true if nobody will ask for what was written */
  abort(checkpoint: number, cleanup: boolean): void
  /** The barrier waits in the outputs: comes back as `outputTimeout`, unless it is disarmed before. */
  armOutputTimer(checkpoint: number): void
  disarmOutputTimer(checkpoint: number): void
  /** The barrier overtakes what is before it in the outputs. */
  timeOutOutputs(checkpoint: number): void
  abortOutputs(checkpoint: number): void
}
