import { recoveryTime } from './catch-up.ts'
import type { DurationDistribution } from './duration-distribution.ts'
import { failedCheckpointFactor } from './failed-checkpoints.ts'
import { catchUpOf, type ResolvedProblem } from './interval-problem.ts'
import { profileRecovery } from './load-profile.ts'
import { renewalUtilisation } from './renewal-utilisation.ts'
import { replayAge } from './replay-age.ts'
import { overheadRatio, vaidya1997 } from './vaidya-1997.ts'

/** Quantiles of a duration over failures at random moments, ms. */
export interface Quantiles {
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
}

export type GoalName = 'recovery' | 'replay' | 'latency'

/** One interval and all that follows from it. */
export interface IntervalRow {
  /** As set, ms. */
  readonly intervalMs: number
  /** As it works out, ms: longer than set where a checkpoint and the pause after it take longer. */
  readonly effectiveMs: number
  /** Share of all time that is useful work. */
  readonly utilisation: number
  /** Time lost per time of useful work: 1/utilisation − 1. */
  readonly overhead: number
  /** Where the rest of all time goes; sums to 1 − utilisation. */
  readonly lost: { readonly checkpoints: number; readonly replay: number; readonly downtime: number }
  /** Age of the checkpoint fallen back to. */
  readonly replayMs: Quantiles
  /** From the failure until the backlog is gone; null without a load. */
  readonly recoveryMs: Quantiles | null
  /** Age of the oldest record not yet processed when work goes on. */
  readonly peakLagMs: Quantiles
  /** The backlog then, p99, records; null without an arrival rate. */
  readonly peakBacklogRecords: number | null
  /** Whether the job keeps up on average: load below utilisation. Null without a load. */
  readonly sustainable: boolean | null
  /** Goals that this interval misses. */
  readonly misses: readonly GoalName[]
}

/** The interval in effect: one checkpoint at a time, and the pause kept. */
export const effectiveIntervalMs = (problem: ResolvedProblem, intervalMs: number): number =>
  Math.max(intervalMs, problem.shortestMs)

/** Utilisation by the model in use: `vaidya-1997` with failed checkpoints, or `renewal-utilisation` for Weibull failures. */
export function utilisationOf(problem: ResolvedProblem, intervalMs: number): number {
  const { costMs, latencyMs, downtimeMs: restartMs, failedShare, failures } = problem
  if (failures.kind !== 'exponential')
    return renewalUtilisation({ intervalMs, costMs, latencyMs, restartMs, failedShare, failures })
  const { mtbfMs } = failures
  return (
    vaidya1997({ intervalMs, costMs, latencyMs, mtbfMs, restartMs }) *
    failedCheckpointFactor(failedShare, intervalMs, mtbfMs)
  )
}

/** Age of the checkpoint fallen back to, at an interval in effect. */
export const replayAgeOf = ({ latencyMs, failedShare }: ResolvedProblem, intervalMs: number): DurationDistribution =>
  replayAge({ intervalMs, latencyMs, failedShare })

/** Recovery time at an interval in effect, or null without a load. */
export function recoveryOf(problem: ResolvedProblem, intervalMs: number): DurationDistribution | null {
  const catchUp = catchUpOf(problem)
  if (catchUp === null) return null
  const age = replayAgeOf(problem, intervalMs)
  const { costMs, downtimeMs, profile } = problem
  if (profile === null) return recoveryTime(catchUp, age, { intervalMs, costMs })
  const { load, capacityPerSecond } = profile
  return profileRecovery({ profile: load, capacityPerSecond, downtimeMs, intervalMs, costMs }, age)
}

/** What a goal measures at an interval in effect, at the quantile of the goals, ms. */
export function goalValueMs(
  problem: ResolvedProblem,
  goal: GoalName,
  intervalMs: number,
  recovery: DurationDistribution | null = goal === 'recovery' ? recoveryOf(problem, intervalMs) : null,
): number {
  if (goal === 'recovery') return recovery?.quantile(problem.goalQuantile) ?? Number.POSITIVE_INFINITY
  const ageMs = replayAgeOf(problem, intervalMs).quantile(problem.goalQuantile)
  return goal === 'replay' ? ageMs : problem.downtimeMs + ageMs
}

/** The goals of a problem, with their limits in ms. */
export function goalLimits({ goals }: ResolvedProblem): { goal: GoalName; limitMs: number }[] {
  const all: { goal: GoalName; limitMs: number | undefined }[] = [
    { goal: 'recovery', limitMs: goals.recoveryMs },
    { goal: 'replay', limitMs: goals.replayMs },
    { goal: 'latency', limitMs: goals.latencyMs },
  ]
  return all.flatMap(({ goal, limitMs }) => (limitMs === undefined ? [] : [{ goal, limitMs }]))
}

const quantiles = (distribution: DurationDistribution, addedMs = 0): Quantiles => ({
  mean: distribution.meanMs + addedMs,
  p50: distribution.quantile(0.5) + addedMs,
  p90: distribution.quantile(0.9) + addedMs,
  p99: distribution.quantile(0.99) + addedMs,
})

/** All that follows from one interval. */
export function intervalRow(problem: ResolvedProblem, intervalMs: number): IntervalRow {
  const effectiveMs = effectiveIntervalMs(problem, intervalMs)
  const { costMs, downtimeMs, failures, load, arrivalPerSecond } = problem
  const utilisation = utilisationOf(problem, effectiveMs)
  const up =
    failures.kind === 'exponential'
      ? Math.exp(-downtimeMs / failures.mtbfMs)
      : failures.mtbfMs / (failures.mtbfMs + downtimeMs)
  const checkpoints = (up * costMs) / effectiveMs
  const age = replayAgeOf(problem, effectiveMs)
  const recovery = recoveryOf(problem, effectiveMs)
  const peakLagMs = quantiles(age, downtimeMs)
  return {
    intervalMs,
    effectiveMs,
    utilisation,
    overhead: overheadRatio(utilisation),
    lost: { checkpoints, replay: up - checkpoints - utilisation, downtime: 1 - up },
    replayMs: quantiles(age),
    recoveryMs: recovery === null ? null : quantiles(recovery),
    peakLagMs,
    peakBacklogRecords: arrivalPerSecond === null ? null : (arrivalPerSecond * peakLagMs.p99) / 1000,
    sustainable: load === null ? null : load < utilisation,
    misses: goalLimits(problem)
      .filter(({ goal, limitMs }) => goalValueMs(problem, goal, effectiveMs, recovery) > limitMs)
      .map(({ goal }) => goal),
  }
}
