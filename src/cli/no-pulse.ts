import { UserCodeFailure } from './user-code-failure.ts'

/** A worker has made no run for a long time, so user code does not return; the worker has been ended. */
export class NoPulse extends UserCodeFailure {
  /** Index of the run that does not return, in a batch. */
  readonly index: number

  constructor(index: number, patienceMs: number) {
    super(
      `A run has not returned for ${patienceMs / 1000} s: a user function loops for ever; look for a loop whose end depends on its input.`,
    )
    this.name = 'NoPulse'
    this.index = index
  }
}
