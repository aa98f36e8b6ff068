/** Errors of user code, told apart from errors of the simulator. */
export class UserCodeError extends Error {
  /** Which function of which vertex. */
  readonly place: string
  override readonly cause: unknown
  constructor(place: string, cause: unknown) {
    const what = cause instanceof Error ? cause.message : String(cause)
    super(`${place} threw: ${what}`)
    this.name = 'UserCodeError'
    this.place = place
    this.cause = cause
  }
}
/** Refuses what an asynchronous user function returns. */
export function refusePromise(place: string, result: unknown): void {
  if (typeof result === 'object' && result !== null && typeof (result as { then?: unknown }).then === 'function')
    throw new UserCodeError(
      place,
      new TypeError('it returned a promise; user code must be synchronous, so that a run can be replayed'),
    )
}
