/**
 * Whether and when a failed job is started again. All times are whole numbers of one unit, whichever it is.
 * Flink: RestartBackoffTimeStrategy.
 */
export interface RestartBackoff {
  /** A new leader begins: it knows of no failure. */
  reset(): void
  /** True if the job may be started again should it fail now. */
  mayRestart(now: number): boolean
  /**
   * The job has failed.
   * @returns false if the failure belongs to the restart that is already waiting
   */
  notifyFailure(now: number): boolean
  /** How long the restart has to wait from now on. */
  backoff(now: number): number
}
