/** A logarithmic axis: where a value lies, and which round values are marked. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Durations people count in, ms. */
const DURATION_TICKS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 30].map((n) => n * MINUTE),
  ...[1, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 4, 7, 14, 30, 90, 180].map((n) => n * DAY),
]

/** 1, 2, 5, 10, … from 1e-6 to 1e6. */
const DECADE_TICKS: readonly number[] = Array.from({ length: 39 }, (_, i) => {
  const digit = [1, 2, 5][i % 3]!
  return Number(`${digit}e${Math.floor(i / 3) - 6}`)
})

export interface LogScale {
  readonly low: number
  readonly high: number
  /** Position of a value > 0; beyond the ends for a value outside the axis. */
  at(value: number): number
  /** Round values on the axis, far enough apart to be labelled. */
  readonly ticks: readonly number[]
}

/**
 * @param low smallest value, > 0
 * @param high largest value, above low
 * @param from position of the smallest value
 * @param to position of the largest one; below `from` on an upward axis
 * @param kind which values are round
 * @param gap least distance of two ticks
 */
export function logScale(
  low: number,
  high: number,
  from: number,
  to: number,
  kind: 'duration' | 'decade',
  gap: number,
): LogScale {
  if (!(low > 0 && high > low))
    throw new RangeError(`A logarithmic axis needs 0 < low < high, got ${low} and ${high}; widen the range`)
  const span = Math.log(high / low)
  const at = (value: number): number => from + (Math.log(value / low) / span) * (to - from)
  const ticks: number[] = []
  for (const value of kind === 'duration' ? DURATION_TICKS_MS : DECADE_TICKS) {
    if (value < low * 0.999 || value > high * 1.001) continue
    const last = ticks[ticks.length - 1]
    if (last === undefined || Math.abs(at(value) - at(last)) >= gap) ticks.push(value)
  }
  return { low, high, at, ticks }
}

/** A tick of a duration axis in the largest unit that divides it: 60000 -> "1 min", 90 s stays "90 s". */
export function durationTickText(valueMs: number): string {
  for (const [unitMs, unit] of [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [SECOND, 's'],
  ] as const)
    if (valueMs % unitMs === 0) return `${valueMs / unitMs} ${unit}`
  return `${valueMs} ms`
}
