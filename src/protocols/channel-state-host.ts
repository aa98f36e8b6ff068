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
