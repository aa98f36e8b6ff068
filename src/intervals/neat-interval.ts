/** Round numbers people set as an interval. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const STEPS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  DAY,
]

const LADDER_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 3, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 4, 7, 14, 30].map((n) => n * DAY),
]

/**
 * A round number just below an interval: a multiple of the largest neat step of at most 2 % of it. Lies in
 * [lowestMs, intervalMs]; the interval itself where no round number fits.
 */
export function neatIntervalMs(intervalMs: number, lowestMs: number): number {
  const stepMs = STEPS_MS.findLast((step) => step <= intervalMs * 0.02)
  if (stepMs === undefined) return intervalMs
  const below = Math.floor(intervalMs / stepMs + 1e-9) * stepMs
  return below >= lowestMs ? below : intervalMs
}

/** The usual intervals from a tenth to ten times of one, not below the lowest, ascending. */
export const usualIntervalsMs = (aroundMs: number, lowestMs: number): number[] =>
  LADDER_MS.filter((ms) => ms >= lowestMs && ms >= aroundMs / 10 && ms <= aroundMs * 10)
