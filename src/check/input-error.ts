/**
 * Something read from outside (a token, a plan, a line of a corpus) cannot be used. The message is one sentence: what was
 * expected, what came, and what to do.
 */
export class InputError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InputError'
  }
}

/** A foreign value in words, short enough for a sentence. */
export function inWords(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') {
    const line = value.replace(/\s+/g, ' ')
    return `'${line.length > 40 ? `${line.slice(0, 40)}…` : line}'`
  }
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}
