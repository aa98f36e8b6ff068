/**
 * The answer: one interval with its reason, the candidates around it, where each goal starts to be missed, and what the
 * other models say.
 *
 * The least overhead decides within what the goals allow. Overhead is unimodal in the interval, so the best allowed
 * interval is the optimum itself or the nearest limit; it is then rounded down to a number people set.
 */
import { recoveryMs } from './catch-up.ts'
import { durationText } from './duration-text.ts'
import { exactOptimum } from './exact-optimum.ts'
import { type ExposedInterval, exposedInterval } from './exposed-interval.ts'
import { type ModelInUse, modelInUse, type OtherModel, otherModels } from './interval-models.ts'
import { catchUpOf, type IntervalProblem, type ResolvedProblem, resolveProblem } from './interval-problem.ts'
import {
  type GoalName,
  goalLimits,
  goalValueMs,
  type IntervalRow,
  intervalRow,
  replayAgeOf,
  utilisationOf,
} from './interval-row.ts'
import { lastHolding, logarithmicGrid, minimise } from './minimise.ts'
import { neatIntervalMs, usualIntervalsMs } from './neat-interval.ts'
import { OutOfRange, requirePositive } from './out-of-range.ts'
import { secondFailure } from './second-failure.ts'
import { overheadRatio } from './vaidya-1997.ts'

/** A goal and the intervals that meet it. */
export interface GoalReport {
  readonly goal: GoalName
  readonly limitMs: number
  /** Share of failures that must meet it. */
  readonly quantile: number
  /** Whether any interval meets it. */
  readonly reachable: boolean
  /** Intervals above this miss it, ms; null if none was found up to a hundred times the optimum. */
  readonly missedAboveMs: number | null
  /** Intervals below this miss it, too, ms: checkpoints then eat the capacity that a catch-up needs. Null if none. */
  readonly missedBelowMs: number | null
  /** What it comes to at the recommended interval, ms. */
  readonly atRecommendedMs: number
  /** The best any interval does, ms. */
  readonly bestMs: number
  readonly text: string
}

export interface IntervalReport {
  readonly problem: ResolvedProblem
  readonly model: ModelInUse
  /** The interval of least overhead, goals aside. */
  readonly optimum: {
    readonly intervalMs: number
    readonly workMs: number
    readonly utilisation: number
    readonly overhead: number
    /** Intervals between these cost at most 5 % more overhead. */
    readonly flatFromMs: number
    readonly flatToMs: number
    /** The optimum at the two 95 % limits of an observed MTBF, ms. */
    readonly limitsMs: readonly [number, number] | null
  }
  readonly recommended: IntervalRow & { readonly reason: string }
  /** Ascending, the recommended one among them. */
  readonly candidates: readonly IntervalRow[]
  readonly goals: readonly GoalReport[]
  readonly others: readonly OtherModel[]
  /** The recommended interval, where the plain picture ends. */
  readonly risks: {
    /** p99 of the recovery by the formula that lets checkpoints cost nothing during the catch-up, ms. */
    readonly recoveryFreeCheckpointsMs: number | null
    /** The next failure before a new checkpoint exists. */
    readonly exposed: ExposedInterval
    /**
     * Another failure before the backlog is gone, from a checkpoint of mean age, and what it adds to the mean recovery;
     * null without a load or outside the model's range.
     */
    readonly secondFailure: { readonly probability: number; readonly addedRecoveryMs: number } | null
  }
  readonly notes: readonly string[]
}

export interface RecommendOptions {
  /** Candidates to show instead of the usual ones, ms. */
  readonly intervalsMs?: readonly number[]
}

const GOAL_WORDS: Record<GoalName, string> = { recovery: 'recovery', replay: 'replay', latency: 'peak lag' }

const quantileText = (quantile: number): string =>
  quantile === 1 ? 'worst case' : `p${Number((quantile * 100).toFixed(4))}`

/** The interval of least overhead in [shortest, longest], ms. */
function leastOverheadMs(problem: ResolvedProblem, longestMs: number): number {
  const { failures, failedShare, costMs, shortestMs } = problem
  if (failures.kind === 'exponential' && failedShare === 0)
    return Math.max(shortestMs, exactOptimum(costMs, failures.mtbfMs).intervalMs)
  return minimise((intervalMs) => -utilisationOf(problem, intervalMs), shortestMs, longestMs)
}

/** Which intervals meet a goal, looked at from the shortest to the longest. */
function goalReach(problem: ResolvedProblem, goal: GoalName, limitMs: number, longestMs: number) {
  // Under a changing load each look costs four hundred catch-ups.
  const [looks, precision] = problem.profile === null ? [200, 1e-6] : [24, 1e-3]
  const grid = logarithmicGrid(problem.shortestMs, longestMs, looks)
  const values = grid.map((intervalMs) => goalValueMs(problem, goal, intervalMs))
  const best = values.reduce((least, value, index) => (value < values[least]! ? index : least), 0)
  const bestMs = values[best]!
  if (bestMs > limitMs) return { reachable: false, bestMs, missedAboveMs: null, missedBelowMs: null }
  const holds = (intervalMs: number): boolean => goalValueMs(problem, goal, intervalMs) <= limitMs
  const above = values.findIndex((value, index) => index > best && value > limitMs)
  const below = values.findLastIndex((value, index) => index < best && value > limitMs)
  return {
    reachable: true,
    bestMs,
    missedAboveMs: above < 0 ? null : lastHolding(holds, grid[above - 1]!, grid[above]!, precision),
    missedBelowMs: below < 0 ? null : lastHolding(holds, grid[below + 1]!, grid[below]!, precision),
  }
}

function goalText(problem: ResolvedProblem, goal: Omit<GoalReport, 'text'>): string {
  const name = `${GOAL_WORDS[goal.goal]} ${quantileText(goal.quantile)} ≤ ${durationText(goal.limitMs)}`
  if (!goal.reachable) {
    const downtime = durationText(problem.downtimeMs)
    const load = problem.load === null ? '' : ` at a load of ${Number(problem.load.toPrecision(3))}`
    const remedy =
      goal.goal === 'recovery'
        ? 'shorten the downtime or the checkpoint, add capacity, or relax the goal'
        : 'shorten the checkpoint or relax the goal'
    const best =
      goal.bestMs === Number.POSITIVE_INFINITY ? 'there is no bound' : `the best is ${durationText(goal.bestMs)}`
    const outage = goal.goal === 'replay' ? '' : ` with a downtime of ${downtime}`
    return `${name} is out of reach${outage}${goal.goal === 'recovery' ? load : ''}: ${best}; ${remedy}.`
  }
  const above = goal.missedAboveMs === null ? null : `above ${durationText(goal.missedAboveMs)}`
  const below = goal.missedBelowMs === null ? null : `below ${durationText(goal.missedBelowMs)}`
  const missed = [above, below].filter((part) => part !== null).join(' and ')
  return `${name} is ${missed === '' ? 'met by every interval looked at' : `missed ${missed}`}.`
}

/**
 * Recommends an interval.
 *
 * @throws OutOfRange with one sentence for the first thing about the problem that no model covers
 */
export function recommendInterval(input: IntervalProblem, options: RecommendOptions = {}): IntervalReport {
  const problem = resolveProblem(input)
  const { shortestMs, failures, costMs, latencyMs, downtimeMs, goalQuantile } = problem
  const longestMs = 100 * Math.max(shortestMs, exactOptimum(costMs, failures.mtbfMs).intervalMs)
  const optimumMs = leastOverheadMs(problem, longestMs)
  const least = overheadRatio(utilisationOf(problem, optimumMs))
  const flat = (intervalMs: number): boolean => overheadRatio(utilisationOf(problem, intervalMs)) <= 1.05 * least

  const reaches = goalLimits(problem).map((limit) => ({
    ...limit,
    ...goalReach(problem, limit.goal, limit.limitMs, longestMs),
  }))
  const floorMs = Math.max(shortestMs, ...reaches.map((reach) => reach.missedBelowMs ?? 0))
  const binding = reaches
    .filter((reach) => reach.missedAboveMs !== null)
    .sort((a, b) => a.missedAboveMs! - b.missedAboveMs!)[0]
  const ceilingMs = binding?.missedAboveMs ?? Number.POSITIVE_INFINITY
  const allowedMs = Math.min(Math.max(optimumMs, floorMs), ceilingMs)
  const recommendedMs = neatIntervalMs(allowedMs, Math.min(floorMs, allowedMs))

  const row = intervalRow(problem, recommendedMs)
  const goals = reaches.map((reach): GoalReport => {
    const report = {
      ...reach,
      quantile: goalQuantile,
      atRecommendedMs: goalValueMs(problem, reach.goal, recommendedMs),
    }
    return { ...report, text: goalText(problem, report) }
  })
  const flatFromMs = flat(shortestMs) ? shortestMs : lastHolding(flat, optimumMs, shortestMs)
  const flatToMs = flat(longestMs) ? longestMs : lastHolding(flat, optimumMs, longestMs)
  const bindingGoal = binding?.goal ?? null
  const found = {
    problem,
    optimumMs,
    allowedMs,
    floorMs,
    binding: bindingGoal,
    row,
    goals,
    least,
    flatFromMs,
    flatToMs,
  }

  const shown = options.intervalsMs ?? usualIntervalsMs(recommendedMs, shortestMs)
  for (const intervalMs of shown) requirePositive('candidates', 'an interval', intervalMs)
  const candidates = [...new Set([...shown, recommendedMs])]
    .sort((a, b) => a - b)
    .map((intervalMs) => (intervalMs === recommendedMs ? row : intervalRow(problem, intervalMs)))

  return {
    problem,
    model: modelInUse(problem),
    optimum: {
      intervalMs: optimumMs,
      workMs: optimumMs - costMs,
      utilisation: utilisationOf(problem, optimumMs),
      overhead: least,
      flatFromMs,
      flatToMs,
      limitsMs: optimumLimitsMs(problem),
    },
    recommended: { ...row, reason: reasonText(found) },
    candidates,
    goals,
    others: otherModels(problem, optimumMs),
    risks: {
      recoveryFreeCheckpointsMs: freeCheckpointsMs(problem, recommendedMs),
      exposed: exposedInterval({
        intervalMs: recommendedMs,
        latencyMs,
        downtimeMs,
        meanAgeMs: row.replayMs.mean,
        worstAgeMs: replayAgeOf({ ...problem, failedShare: 0 }, recommendedMs).quantile(1),
        failures,
      }),
      secondFailure: secondFailureAt(problem, row),
    },
    notes: [...problem.notes, ...warnings(problem, row)],
  }
}

function optimumLimitsMs({ mtbfLimitsMs, costMs, shortestMs }: ResolvedProblem): readonly [number, number] | null {
  if (mtbfLimitsMs === null) return null
  const [low, high] = mtbfLimitsMs.map((mtbfMs) => Math.max(shortestMs, exactOptimum(costMs, mtbfMs).intervalMs))
  return [low!, high!]
}

function freeCheckpointsMs(problem: ResolvedProblem, intervalMs: number): number | null {
  const catchUp = catchUpOf(problem)
  return catchUp === null ? null : recoveryMs(catchUp, replayAgeOf(problem, intervalMs).quantile(0.99))
}

function secondFailureAt(problem: ResolvedProblem, row: IntervalRow): IntervalReport['risks']['secondFailure'] {
  const catchUp = catchUpOf(problem)
  if (catchUp === null || problem.failures.kind !== 'exponential') return null
  const ageMs = row.replayMs.mean
  try {
    const { probability, expectedRecoveryMs } = secondFailure({
      ...catchUp,
      ageMs,
      intervalMs: row.effectiveMs,
      latencyMs: problem.latencyMs,
      mtbfMs: problem.failures.mtbfMs,
    })
    return { probability, addedRecoveryMs: expectedRecoveryMs - recoveryMs(catchUp, ageMs) }
  } catch (error) {
    if (error instanceof OutOfRange) return null
    throw error
  }
}

function warnings(problem: ResolvedProblem, row: IntervalRow): string[] {
  const found: string[] = []
  if (row.sustainable === false)
    found.push(
      `At this interval only ${(row.utilisation * 100).toFixed(1)} % of the time is useful work, less than the load of ` +
        `${(problem.load! * 100).toFixed(1)} %: the job falls behind for good.`,
    )
  if (problem.profile !== null && problem.profile.load.peakPerSecond > problem.profile.capacityPerSecond)
    found.push(
      `The peak of ${Math.round(problem.profile.load.peakPerSecond)} records/s exceeds the capacity of ` +
        `${problem.profile.capacityPerSecond}: a failure before the peak is recovered from only after it.`,
    )
  return found
}

interface ReasonInput {
  readonly problem: ResolvedProblem
  readonly optimumMs: number
  readonly allowedMs: number
  readonly floorMs: number
  readonly binding: GoalName | null
  readonly row: IntervalRow
  readonly goals: readonly GoalReport[]
  readonly least: number
  readonly flatFromMs: number
  readonly flatToMs: number
}

function reasonText(input: ReasonInput): string {
  const { problem, optimumMs, allowedMs, floorMs, binding, row, goals, least, flatFromMs, flatToMs } = input
  const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`
  const lost = goals.filter((goal) => !goal.reachable)
  const outOfReach =
    lost.length === 0
      ? ''
      : ` ${lost.map((goal) => GOAL_WORDS[goal.goal]).join(' and ')} cannot be met at any interval.`
  if (allowedMs < optimumMs) {
    const goal = goals.find((report) => report.goal === binding)!
    const floorBroken = allowedMs < floorMs ? ` No interval meets all goals: another one is missed here.` : ''
    return (
      `the longest interval that keeps ${GOAL_WORDS[goal.goal]} ${quantileText(goal.quantile)} within ` +
      `${durationText(goal.limitMs)}; the least overhead would be at ${durationText(optimumMs)} ` +
      `(${percent(least)} against ${percent(row.overhead)}).${floorBroken}${outOfReach}`
    )
  }
  if (allowedMs > optimumMs)
    return (
      `the shortest interval that leaves a catch-up enough capacity; the least overhead would be at ` +
      `${durationText(optimumMs)} (${percent(least)} against ${percent(row.overhead)}).${outOfReach}`
    )
  if (optimumMs <= problem.shortestMs * 1.000001)
    return (
      `the shortest interval possible, one checkpoint at a time and the pause kept; the cost alone would allow ` +
      `${durationText(exactOptimum(problem.costMs, problem.failures.mtbfMs).intervalMs)}.${outOfReach}`
    )
  const met = goals.length > lost.length ? ', and every goal within reach holds there' : ''
  return (
    `the least overhead, ${percent(least)}, is at ${durationText(optimumMs)}${met}; from ` +
    `${durationText(flatFromMs)} to ${durationText(flatToMs)} it stays within 5 % of that.${outOfReach}`
  )
}
