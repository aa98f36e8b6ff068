import { inWords, JobError } from './job-error.ts'

/** A number of milliseconds, or text such as '250ms', '10s', '5 min', '2h', '1d'. */
export type Duration = number | string

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/**
 * A duration in whole milliseconds.
 * @param what names the setting in the error
 * @param minMs the least that makes sense for it
 * @throws JobError if it is not a duration, not a whole number of milliseconds, or less than `minMs`
 */
export function durationMs(duration: Duration, what: string, minMs = 0): number {
  const ms = typeof duration === 'number' ? duration : parsed(duration)
  if (ms === undefined || !Number.isSafeInteger(ms)) {
    throw new JobError(`${what} must be whole milliseconds or a duration like '10s', but is ${inWords(duration)}`)
  }
  if (ms < minMs) throw new JobError(`${what} must be at least ${minMs} ms, but is ${inWords(duration)}`)
  return ms
}

function parsed(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/.exec(String(text))
  const unitMs = match ? UNITS_MS[match[2]!] : undefined
  return unitMs === undefined ? undefined : Number(match![1]) * unitMs
}
