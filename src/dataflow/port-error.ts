/**
 * Why a call of an external system did not succeed:
 * - 'refused': it was not done; it may be tried again
 * - 'unknown': nobody answered; it was done, or it was not, or it will be
 * - 'fenced': somebody with a higher epoch has taken over
 * - 'lost': the transaction is gone, because it was aborted or ran into its timeout
 */
export type PortFailure = 'refused' | 'unknown' | 'fenced' | 'lost'

/**
 * What a port throws. A sink that lets it pass fails its task, as an exception of a connector does in Flink: the job restarts
 * from the last checkpoint. Code that implements a port for a real system throws it, too.
 */
export class PortError extends Error {
  readonly failure: PortFailure

  constructor(failure: PortFailure, message: string) {
    super(message)
    this.name = 'PortError'
    this.failure = failure
  }
}
