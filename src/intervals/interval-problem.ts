/**
 * The question: a job, its failures, its goals; plain data, as flags, a YAML file or a twin's inference give it.
 * `resolveProblem` checks it once and turns it into what the models work on.
 */
import type { CatchUpInput } from './catch-up.ts'
import { durationText } from './duration-text.ts'
import { exactOptimum } from './exact-optimum.ts'
import {
  exponentialFailures,
  type FailureDistribution,
  gapsBetween,
  mtbfLimitsMs,
  weibullFailures,
  weibullFailuresWithMean,
} from './failure-distribution.ts'
import { type IncrementalMix, incrementalMix } from './incremental-mix.ts'
import { pathDelayMs } from './jayasekara-2020.ts'
import { type LoadPoint, type LoadProfile, loadProfile } from './load-profile.ts'
import {
  OutOfRange,
  requireNotNegative,
  requirePositive,
  requireProbability,
  requireShareBelowOne,
} from './out-of-range.ts'
import { FEWEST_GAPS_FOR_A_SHAPE, fitWeibull } from './weibull-fit.ts'

/** How failures come. */
export type FailureInput =
  | { readonly kind: 'exponential'; readonly mtbfMs: number }
  | { readonly kind: 'weibull'; readonly shape: number; readonly mtbfMs: number }
  /** Epoch or any other milliseconds, at least three. */
  | { readonly kind: 'observed'; readonly timesMs: readonly number[] }

/** How much there is to do. */
export type LoadInput =
  /** Arrival over capacity, in [0, 1). */
  | { readonly share: number }
  | { readonly arrivalPerSecond: number; readonly capacityPerSecond: number }
  /** Arrivals over time, repeating. */
  | { readonly profile: readonly LoadPoint[]; readonly periodMs: number; readonly capacityPerSecond: number }

/** What must hold, each for the given share of failures. */
export interface Goals {
  /** From the failure until the backlog is gone, ms. */
  readonly recoveryMs?: number
  /** Age of the checkpoint fallen back to, ms: how much is processed again. */
  readonly replayMs?: number
  /** Age of the oldest record not yet processed, at its peak after a failure, ms. */
  readonly latencyMs?: number
  /** Share of failures that must meet the goals, in [0, 1]; 0.99 if not given, 1 is the worst case. */
  readonly quantile?: number
}

export interface IntervalProblem {
  /** Work lost to one checkpoint, ms, > 0: processing time that it takes from the job. */
  readonly costMs: number
  /** From the trigger until the checkpoint is durable, ms. The cost and the path delay if not given. */
  readonly latencyMs?: number
  readonly failures: FailureInput
  /** From the detection of a failure until records are processed again, ms. 0 if not given. */
  readonly restartMs?: number
  /** From the failure until it is seen, ms. 0 if not given. */
  readonly detectionMs?: number
  /** Without it nothing is said about recovery. */
  readonly load?: LoadInput
  /** Share of checkpoints that fail, in [0, 1). 0 if not given. */
  readonly failedShare?: number
  /** `execution.checkpointing.min-pause`, ms. 0 if not given. */
  readonly minPauseMs?: number
  /** Operators on the longest path. 1 if not given. */
  readonly depth?: number
  /** Delay of a barrier from one operator to the next, ms. 0 if not given. */
  readonly hopDelayMs?: number
  /** Full checkpoints in between: then costMs is the cost of an incremental one. */
  readonly incremental?: { readonly fullCostMs: number; readonly restorePerIncrementalMs: number }
  readonly goals?: Goals
}

/** A problem checked, with every default in place. */
export interface ResolvedProblem {
  readonly costMs: number
  readonly latencyMs: number
  /** Detection + restart, ms. */
  readonly downtimeMs: number
  readonly failures: FailureDistribution
  /** Present when the failures are Weibull. */
  readonly weibull: { readonly shape: number; readonly scaleMs: number } | null
  /** 95 % limits of the MTBF, when it comes from observed failures. */
  readonly mtbfLimitsMs: readonly [number, number] | null
  readonly failedShare: number
  readonly depth: number
  readonly hopDelayMs: number
  /** Arrival over capacity, on average. */
  readonly load: number | null
  readonly arrivalPerSecond: number | null
  readonly profile: { readonly load: LoadProfile; readonly capacityPerSecond: number } | null
  readonly mix: IncrementalMix | null
  /** The shortest interval in effect: one checkpoint at a time, the pause kept, some work left, ms. */
  readonly shortestMs: number
  readonly goals: Goals
  readonly goalQuantile: number
  /** What was assumed on the way, a sentence each. */
  readonly notes: readonly string[]
}

const MODEL = 'interval-problem'

interface ResolvedFailures {
  readonly failures: FailureDistribution
  readonly weibull: ResolvedProblem['weibull']
  readonly limitsMs: ResolvedProblem['mtbfLimitsMs']
}

function weibullParts(shape: number, mtbfMs: number): ResolvedFailures {
  const failures = weibullFailuresWithMean(shape, mtbfMs)
  const scaleMs = mtbfMs / weibullFailures(shape, 1).mtbfMs
  return { failures, weibull: { shape, scaleMs }, limitsMs: null }
}

/** Observed failures become a Weibull where its shape differs from 1 beyond chance, else an exponential. */
function resolveFailures(input: FailureInput, notes: string[]): ResolvedFailures {
  if (input.kind === 'exponential')
    return { failures: exponentialFailures(input.mtbfMs), weibull: null, limitsMs: null }
  if (input.kind === 'weibull') return weibullParts(input.shape, input.mtbfMs)
  const gaps = gapsBetween(input.timesMs)
  const meanMs = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  const limitsMs = mtbfLimitsMs(gaps)
  const counted = `${gaps.length + 1} failures give an MTBF of ${durationText(meanMs)} (95 %: ${durationText(limitsMs[0])} to ${durationText(limitsMs[1])})`
  if (gaps.length < FEWEST_GAPS_FOR_A_SHAPE) {
    notes.push(`${counted}, too few to tell a shape: taken as exponential.`)
    return { failures: exponentialFailures(meanMs), weibull: null, limitsMs }
  }
  const fit = fitWeibull(gaps)
  if (fit.likelihoodRatio <= 3.84) {
    notes.push(`${counted} and look memoryless (Weibull shape ${fit.shape.toFixed(2)}): taken as exponential.`)
    return { failures: exponentialFailures(meanMs), weibull: null, limitsMs }
  }
  notes.push(
    `${counted} and ${fit.shape < 1 ? 'come in bursts' : 'come regularly'}: taken as Weibull with shape ${fit.shape.toFixed(2)}.`,
  )
  return { ...weibullParts(fit.shape, meanMs), limitsMs }
}

function resolveLoad(input: LoadInput | undefined): Pick<ResolvedProblem, 'load' | 'arrivalPerSecond' | 'profile'> {
  if (input === undefined) return { load: null, arrivalPerSecond: null, profile: null }
  if ('share' in input) {
    if (!(input.share >= 0 && input.share < 1))
      throw new OutOfRange(
        MODEL,
        `the load must lie in [0, 1), got ${input.share}; it is the arrival rate over the capacity, and at 1 no backlog ever shrinks`,
      )
    return { load: input.share, arrivalPerSecond: null, profile: null }
  }
  requirePositive(MODEL, 'capacityPerSecond', input.capacityPerSecond)
  const profile = 'profile' in input ? loadProfile(input.profile, input.periodMs) : null
  const arrivalPerSecond = 'profile' in input ? profile!.meanPerSecond : input.arrivalPerSecond
  requireNotNegative(MODEL, 'arrivalPerSecond', arrivalPerSecond)
  if (arrivalPerSecond >= input.capacityPerSecond)
    throw new OutOfRange(
      MODEL,
      `the arrival rate must be below the capacity, got ${arrivalPerSecond} against ${input.capacityPerSecond} records/s; ` +
        'at or above it no backlog ever shrinks',
    )
  return {
    load: arrivalPerSecond / input.capacityPerSecond,
    arrivalPerSecond,
    profile: profile === null ? null : { load: profile, capacityPerSecond: input.capacityPerSecond },
  }
}

/** The mix of full and incremental checkpoints at the interval that is best for that very mix. */
function resolveMix(problem: IntervalProblem, mtbfMs: number): IncrementalMix | null {
  const { incremental, costMs } = problem
  if (incremental === undefined) return null
  let mix: IncrementalMix | null = null
  let meanCostMs = costMs
  for (let round = 0; round < 50; round += 1) {
    const next = incrementalMix({
      fullCostMs: incremental.fullCostMs,
      incrementalCostMs: costMs,
      restorePerIncrementalMs: incremental.restorePerIncrementalMs,
      intervalMs: exactOptimum(meanCostMs, mtbfMs).intervalMs,
      mtbfMs,
    })
    if (next.incrementalsPerFull === mix?.incrementalsPerFull) return next
    mix = next
    meanCostMs = next.meanCostMs
  }
  return mix
}

/**
 * Checks a problem and fills in its defaults.
 * @throws OutOfRange with one sentence for the first thing that is wrong
 */
export function resolveProblem(problem: IntervalProblem): ResolvedProblem {
  const notes: string[] = []
  requirePositive(MODEL, 'costMs', problem.costMs)
  const restartMs = problem.restartMs ?? 0
  const detectionMs = problem.detectionMs ?? 0
  const failedShare = problem.failedShare ?? 0
  const minPauseMs = problem.minPauseMs ?? 0
  const depth = problem.depth ?? 1
  const hopDelayMs = problem.hopDelayMs ?? 0
  requireNotNegative(MODEL, 'restartMs', restartMs)
  requireNotNegative(MODEL, 'detectionMs', detectionMs)
  requireShareBelowOne(MODEL, 'failedShare', failedShare)
  requireNotNegative(MODEL, 'minPauseMs', minPauseMs)
  const delayMs = pathDelayMs(depth, hopDelayMs)

  const { failures, weibull, limitsMs } = resolveFailures(problem.failures, notes)
  const mix = resolveMix(problem, failures.mtbfMs)
  if (mix !== null)
    notes.push(
      `${mix.incrementalsPerFull} incremental checkpoints between two full ones cost ${durationText(mix.meanCostMs)} each ` +
        `on average and add ${durationText(mix.meanExtraRestoreMs)} to a restore.`,
    )
  const costMs = mix?.meanCostMs ?? problem.costMs
  const latencyMs = problem.latencyMs ?? costMs + delayMs
  if (latencyMs < problem.costMs)
    throw new OutOfRange(
      MODEL,
      `the latency (trigger to durable) must be at least the cost (work lost), got ${durationText(latencyMs)} against ` +
        `${durationText(problem.costMs)}; swap them or give the end-to-end duration`,
    )
  if (restartMs + detectionMs === 0) notes.push('No restart or detection time given: recovery counts no outage.')

  const goals = problem.goals ?? {}
  const goalQuantile = goals.quantile ?? 0.99
  requireProbability(MODEL, 'goals.quantile', goalQuantile)
  for (const name of ['recoveryMs', 'replayMs', 'latencyMs'] as const)
    if (goals[name] !== undefined) requirePositive(MODEL, `goals.${name}`, goals[name])
  const load = resolveLoad(problem.load)
  if (goals.recoveryMs !== undefined && load.load === null)
    throw new OutOfRange(
      MODEL,
      'a recovery goal needs the load, and none was given; give the load, or the arrival rate and the capacity',
    )
  return {
    costMs,
    latencyMs: Math.max(latencyMs, costMs),
    downtimeMs: restartMs + detectionMs + (mix?.meanExtraRestoreMs ?? 0),
    failures,
    weibull,
    mtbfLimitsMs: limitsMs,
    failedShare,
    depth,
    hopDelayMs,
    ...load,
    mix,
    shortestMs: Math.max(latencyMs + minPauseMs, costMs * 1.01),
    goals,
    goalQuantile,
    notes,
  }
}

/** The catch-up part of a problem, or null without a load. */
export const catchUpOf = ({ downtimeMs, load }: ResolvedProblem): CatchUpInput | null =>
  load === null ? null : { downtimeMs, load }
