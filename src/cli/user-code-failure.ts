/** The user's code threw or does not return, so that there is no answer. Ends the command with exit code 5. */
export class UserCodeFailure extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UserCodeFailure'
  }
}
