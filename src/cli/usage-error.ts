/**
 * Something the user gave cannot be used: an option, a name, a file, a token. Ends the command with exit code 1. The message
 * is one sentence: what was expected, what came, what to do.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
