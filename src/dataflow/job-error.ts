/**
 * A job that cannot be built, or input that it cannot read. The message is one sentence for the person who wrote the job:
 * what was expected, what came, and what to do.
 */
export class JobError extends Error {
  /** @param written an error that was made where the user wrote what is wrong, if that is not where this one is thrown */
  constructor(message: string, written?: Error) {
    super(message)
    this.name = 'JobError'
    const frames = written?.stack?.match(/^ +at .*$/gm)
    if (frames) this.stack = [`${this.name}: ${message}`, ...frames].join('\n')
  }
}

/** A value in words, short enough for a sentence: strings are quoted, long ones cut. */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`
  if (typeof value === 'function') return 'a function'
  if (isPromise(value)) return 'a promise'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

export const isPromise = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'

/** The value, if it is an integer in [min, max]. @throws JobError that names it */
export function integerIn(value: number, what: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  throw new JobError(`${what} must be an integer ${range}, but is ${inWords(value)}`)
}
