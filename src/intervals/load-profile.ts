/**
 * A load that changes with time, and the catch-up under it.
 */
import type { CheckpointsDuringCatchUp } from './catch-up.ts'
import { type DurationDistribution, sampledDistribution } from './duration-distribution.ts'
import { durationText } from './duration-text.ts'
import { OutOfRange, requireNotNegative, requirePositive } from './out-of-range.ts'

/** An arrival rate at a moment. */
export interface LoadPoint {
  readonly atMs: number
  /** Records per second, >= 0. */
  readonly perSecond: number
}

/** Arrivals over time: linear between points, repeating with a period. */
export interface LoadProfile {
  readonly periodMs: number
  readonly meanPerSecond: number
  readonly peakPerSecond: number
  /** Records that arrive between two moments, which may lie in any period. */
  arrivals(fromMs: number, toMs: number): number
}

const MODEL = 'load-profile'

/**
 * @param points at least one, times in [0, periodMs), ascending
 * @param periodMs after which the profile repeats, ms, > 0; the last point leads back to the first
 */
export function loadProfile(points: readonly LoadPoint[], periodMs: number): LoadProfile {
  requirePositive(MODEL, 'periodMs', periodMs)
  const first = points[0]
  if (first === undefined) throw new OutOfRange(MODEL, 'a load profile needs at least one point, got none')
  points.forEach((point, index) => {
    requireNotNegative(MODEL, `the rate of point ${index + 1}`, point.perSecond)
    const previousMs = index === 0 ? Number.NEGATIVE_INFINITY : points[index - 1]!.atMs
    if (!(point.atMs >= 0 && point.atMs < periodMs && point.atMs > previousMs))
      throw new OutOfRange(
        MODEL,
        `times must rise and lie in [0, ${durationText(periodMs)}), got ${durationText(point.atMs)} as point ${index + 1}`,
      )
  })
  const times = [...points.map((point) => point.atMs), first.atMs + periodMs]
  const rates = [...points.map((point) => point.perSecond), first.perSecond]
  // Records from the first point up to each point.
  const before: number[] = [0]
  for (let i = 1; i < times.length; i += 1)
    before.push(before[i - 1]! + ((rates[i - 1]! + rates[i]!) / 2) * ((times[i]! - times[i - 1]!) / 1000))
  const perPeriod = before[before.length - 1]!

  const arrivedBy = (atMs: number): number => {
    const sinceMs = atMs - first.atMs
    const periods = Math.floor(sinceMs / periodMs)
    const insideMs = first.atMs + sinceMs - periods * periodMs
    let low = 0
    let high = times.length - 1
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (times[middle]! <= insideMs) low = middle
      else high = middle
    }
    const intoMs = insideMs - times[low]!
    const slope = (rates[high]! - rates[low]!) / (times[high]! - times[low]!)
    return periods * perPeriod + before[low]! + ((rates[low]! + (slope * intoMs) / 2) * intoMs) / 1000
  }
  return {
    periodMs,
    meanPerSecond: perPeriod / (periodMs / 1000),
    peakPerSecond: Math.max(...rates),
    arrivals: (fromMs, toMs) => arrivedBy(toMs) - arrivedBy(fromMs),
  }
}

/** A failure at a moment of the profile. */
export interface ProfileRecoveryInput extends CheckpointsDuringCatchUp {
  readonly profile: LoadProfile
  /** Records per second that the job can process. */
  readonly capacityPerSecond: number
  readonly failureAtMs: number
  /** Age of the checkpoint fallen back to, ms. */
  readonly ageMs: number
  readonly downtimeMs: number
}

/** Time that so much work takes when checkpoints go on: the first comes after one interval, each costs costMs. */
function elapsedForWorkMs(workMs: number, { intervalMs, costMs }: CheckpointsDuringCatchUp): number {
  if (workMs <= intervalMs || costMs === 0) return workMs
  if (intervalMs <= costMs) return Number.POSITIVE_INFINITY
  return workMs + costMs * Math.ceil((workMs - intervalMs) / (intervalMs - costMs))
}

/**
 * Time from a failure until the backlog is gone, under a changing load: first the backlog of checkpoint age and outage
 * is worked off, then what arrived meanwhile, and so on until a step is below a millisecond. With a constant load the
 * steps are a geometric series with the sum of `recoveryMs`.
 *
 * Source: Phoebe (Geldenhuys et al., ICWS 2022; github dos-group/phoebe, recovery-time model), which stops below 1 s.
 *
 * @returns ms; Infinity if the backlog is not gone within ten periods
 */
export function profileRecoveryMs(input: ProfileRecoveryInput): number {
  const { profile, capacityPerSecond, failureAtMs, ageMs, downtimeMs } = input
  requirePositive(MODEL, 'capacityPerSecond', capacityPerSecond)
  requireNotNegative(MODEL, 'ageMs', ageMs)
  requireNotNegative(MODEL, 'downtimeMs', downtimeMs)
  const restartMs = failureAtMs + downtimeMs
  let catchUpMs = 0
  for (;;) {
    const records = profile.arrivals(failureAtMs - ageMs, restartMs + catchUpMs)
    const nextMs = elapsedForWorkMs((records / capacityPerSecond) * 1000, input)
    if (nextMs > 10 * profile.periodMs) return Number.POSITIVE_INFINITY
    const stepMs = nextMs - catchUpMs
    catchUpMs = nextMs
    if (stepMs < 1) return downtimeMs + catchUpMs
  }
}

/** Failures that `profileRecovery` tries. */
const FAILURES = 400
/** Multiples of the golden ratio, modulo 1, fill a period evenly at every count. */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2

/**
 * Recovery time over failures at any moment of the period and any phase of the interval: a lattice of 400 failures, every
 * four-hundredth of the ages once, spread evenly over the period. Within 2 % of the exact quantiles up to p99.
 */
export function profileRecovery(
  input: Omit<ProfileRecoveryInput, 'failureAtMs' | 'ageMs'>,
  age: DurationDistribution,
): DurationDistribution {
  const samplesMs: number[] = []
  for (let failure = 0; failure < FAILURES; failure += 1) {
    const ageMs = age.quantile((failure + 0.5) / FAILURES)
    const failureAtMs = ((failure * GOLDEN_RATIO) % 1) * input.profile.periodMs
    samplesMs.push(profileRecoveryMs({ ...input, ageMs, failureAtMs }))
  }
  return sampledDistribution(samplesMs)
}
