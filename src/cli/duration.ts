import { UsageError } from './usage-error.ts'

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/**
 * Reads a duration of the command line, such as '1500ms', '30s', '5m', '1.5h', '1d'.
 * @param what names the option in the refusal, e.g. '--time'
 * @returns whole milliseconds, at least 1
 * @throws UsageError if it is none: a unit is required, for a bare number means seconds to one and milliseconds to another
 */
export function parseDurationMs(text: string, what: string): number {
  const [, number, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(text) ?? []
  const unitMs = Object.hasOwn(UNITS_MS, unit) ? UNITS_MS[unit]! : Number.NaN
  const durationMs = Math.round(Number(number) * unitMs)
  if (Number.isSafeInteger(durationMs) && durationMs >= 1) return durationMs
  throw new UsageError(`${what} wants a duration such as 500ms, 30s, 5m or 1h, but got '${text}'.`)
}
