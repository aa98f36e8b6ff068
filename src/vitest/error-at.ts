/** Errors that vitest shows where the user has called or asserted something, and not where they were made. */

/** An error with this message at that place. @param place an error that was made there */
export function errorAt(message: string, place: Error): Error {
  const error = new Error(message)
  const frames = framesOf(place)
  // vitest takes errors of one stack for one error, so the message has to stand in it
  if (frames.length > 0) error.stack = [`Error: ${message}`, ...frames].join('\n')
  return error
}

/** Adds the place below what the error's own stack says, which may have no line of the user. */
export function addPlace(error: Error, place: Error): void {
  if (error.stack !== undefined) error.stack = [error.stack, ...framesOf(place)].join('\n')
}

const framesOf = ({ stack }: Error): readonly string[] => stack?.match(/^ +at .*$/gm) ?? []
