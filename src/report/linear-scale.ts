/** A linear axis from zero: where a value lies, and which round values are marked. */
import { durationTickText } from './log-scale.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Steps of a duration axis that people count in, ms. */
const DURATION_STEPS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 6, 12, 24, 48, 168].map((n) => n * HOUR),
]

export interface LinearScale {
  readonly high: number
  /** Position of a value; beyond the ends for a value outside the axis. */
  at(value: number): number
  /** Round values from zero on, at most `most` of them. */
  readonly ticks: readonly number[]
}

/**
 * @param high largest value, > 0
 * @param from position of zero
 * @param to position of the largest value; below `from` on an upward axis
 * @param kind which values are round: durations in ms, or 1, 2, 5 times a power of ten
 * @param most ticks
 */
export function linearScale(
  high: number,
  from: number,
  to: number,
  kind: 'duration' | 'decade',
  most: number,
): LinearScale {
  if (!(high > 0 && Number.isFinite(high)))
    throw new RangeError(`A linear axis needs a largest value above 0, got ${high}; give one`)
  const step = kind === 'duration' ? durationStep(high, most) : decadeStep(high, most)
  const ticks = Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step)
  return { high, at: (value) => from + (value / high) * (to - from), ticks }
}

const durationStep = (high: number, most: number): number =>
  DURATION_STEPS_MS.find((step) => high / step <= most) ?? decadeStep(high, most)

function decadeStep(high: number, most: number): number {
  const power = 10 ** Math.floor(Math.log10(high / most))
  return power * ([1, 2, 5, 10].find((digit) => high / (digit * power) <= most) ?? 10)
}

/** A tick of a duration axis; zero needs no unit. */
export const linearTickText = (valueMs: number): string => (valueMs === 0 ? '0' : durationTickText(valueMs))
