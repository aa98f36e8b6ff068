/** The folder or the command line cannot be used: one sentence for people, exit code 1. */
export class InputError extends Error {
  override readonly name = 'InputError'
}
