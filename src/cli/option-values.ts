/**
 * Readers of option values for commander's `.option(flags, description, reader)`. Each refuses what it cannot use with a
 * sentence that names the option.
 */
import { unknownName } from './did-you-mean.ts'
import { parseDurationMs } from './duration.ts'
import { UsageError } from './usage-error.ts'

/** A whole number in [min, max]; '20_000', '20,000' and '1e6' are read too. @param option e.g. '--runs' */
export function wholeNumber(option: string, min = 1, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  return (text) => {
    const plain = text.trim().replaceAll(/(?<=\d)[_,](?=\d)/g, '')
    const value = plain === '' ? Number.NaN : Number(plain)
    if (Number.isSafeInteger(value) && value >= min && value <= max) return value
    throw new UsageError(`${option} wants a whole number ${range}, but got '${text}'.`)
  }
}

/** A duration in milliseconds, see {@link parseDurationMs}. @param option e.g. '--time' */
export function durationMs(option: string): (text: string) => number {
  return (text) => parseDurationMs(text, option)
}

/** One of the names. @param kind what it names, e.g. 'order' */
export function oneOf<const T extends string>(kind: string, names: readonly T[]): (text: string) => T {
  return (text) => {
    const name = names.find((known) => known === text)
    if (name === undefined) throw unknownName(kind, text, names)
    return name
  }
}

/** Several of the names, separated by commas. @param kind what each names, e.g. 'fault' */
export function someOf<const T extends string>(kind: string, names: readonly T[]): (text: string) => T[] {
  const one = oneOf(kind, names)
  return (text) => text.split(',').map((part) => one(part.trim()))
}
