/** Hears what becomes of checkpoints in one task. Flink: the operators' callbacks, the local state manager, the metrics. */
export interface SubtaskListener {
  operatorsAborted(checkpoint: number): void
  operatorsSubsumed(checkpoint: number): void
  localComplete(checkpoint: number): void
  localAborted(checkpoint: number): void
  /** The asynchronous part has been cancelled. */
  incomplete(checkpoint: number): void
}
