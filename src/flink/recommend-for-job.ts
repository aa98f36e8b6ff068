/** The checkpoint interval to set, from the figures of a job and what its operator asks for. */
import {
  durationText,
  type IntervalReport,
  intervalForRecoveryMs,
  OutOfRange,
  recommendInterval,
} from '../intervals/index.ts'
import type { JobDump } from './job-dump.ts'
import type { TwinFigures } from './twin-figures.ts'

/** What must hold for 99 % of the failures, ms. */
export interface TwinGoals {
  /** From the failure until the backlog is gone: `--rto`. */
  readonly recoveryMs?: number | undefined
  /** Input read again: `--max-replay`. */
  readonly replayMs?: number | undefined
}

export interface Recommendation {
  /** From one trigger to the next, ms; null: nothing to recommend. */
  readonly intervalMs: number | null
  readonly reason: string
  /** The whole comparison, where an MTBF is known. */
  readonly report: IntervalReport | null
}

const QUANTILE = 0.99
const FEWEST_FAILURES = 3

/**
 * With an MTBF: the interval of least overhead that meets the goals. Without one: the longest that meets the goals. Without
 * goals either there is nothing to go by.
 */
export function recommendForJob(dump: JobDump, figures: TwinFigures, goals: TwinGoals): Recommendation {
  const latencyMs = figures.checkpointLatencyMs.value
  const costMs = figures.checkpointCostMs.value
  if (latencyMs === null || costMs === null)
    return nothing(`no recommendation without the duration of a checkpoint: ${figures.checkpointLatencyMs.from}.`)
  try {
    const { mtbfMs, failureTimesMs } = figures
    // One or two failures say next to nothing about how often they come.
    return mtbfMs.value === null || (mtbfMs.sure !== 'given' && failureTimesMs.length < FEWEST_FAILURES)
      ? byGoals(figures, latencyMs, goals)
      : byOverhead(dump, figures, { latencyMs, costMs, mtbfMs: mtbfMs.value }, goals)
  } catch (error) {
    if (error instanceof OutOfRange) return nothing(error.message)
    throw error
  }
}

const nothing = (reason: string): Recommendation => ({ intervalMs: null, reason, report: null })

/** Both kinds of failure happen: plan for the longer outage. */
const worstDowntimeMs = ({ downtimeMs, taskManagerDowntimeMs }: TwinFigures): number =>
  Math.max(downtimeMs.value ?? 0, taskManagerDowntimeMs.value ?? 0)

function byGoals(figures: TwinFigures, latencyMs: number, goals: TwinGoals): Recommendation {
  const load = figures.utilisation.value
  const limits: { intervalMs: number; text: string }[] = []
  if (goals.replayMs !== undefined) {
    const longestMs = (goals.replayMs - latencyMs) / QUANTILE
    if (!(longestMs > 0))
      return nothing(
        `no interval keeps the replay within ${durationText(goals.replayMs)}: a checkpoint alone takes ${durationText(latencyMs)}.`,
      )
    limits.push({ intervalMs: longestMs, text: `replay within ${durationText(goals.replayMs)}` })
  }
  if (goals.recoveryMs !== undefined) {
    if (load === null) return nothing(`no recovery goal without a load: ${figures.utilisation.from}.`)
    if (load >= 1) return nothing(`at a load of ${load.toFixed(2)} the job never catches up, whatever the interval.`)
    limits.push({
      intervalMs: intervalForRecoveryMs({
        downtimeMs: worstDowntimeMs(figures),
        load,
        goalMs: goals.recoveryMs,
        latencyMs,
        quantile: QUANTILE,
        failedShare: shareBelowOne(figures),
      }),
      text: `recovery within ${durationText(goals.recoveryMs)}`,
    })
  }
  const tightest = limits.sort((a, b) => a.intervalMs - b.intervalMs)[0]
  if (tightest === undefined)
    return nothing('nothing to go by: too few failures for a rate; give --mtbf, or a goal with --rto or --max-replay.')
  const intervalMs = Math.floor(tightest.intervalMs / 100) * 100 || Math.floor(tightest.intervalMs)
  return {
    intervalMs,
    reason:
      `the longest interval that keeps the ${tightest.text} in 99 % of the failures; ` +
      'without an MTBF (--mtbf) a shorter one cannot be told from a waste.',
    report: null,
  }
}

function byOverhead(
  dump: JobDump,
  figures: TwinFigures,
  { latencyMs, costMs, mtbfMs }: { latencyMs: number; costMs: number; mtbfMs: number },
  goals: TwinGoals,
): Recommendation {
  const load = figures.utilisation.value
  if (load !== null && load >= 1 && goals.recoveryMs !== undefined)
    return nothing(`at a load of ${load.toFixed(2)} the job never catches up, whatever the interval.`)
  const report = recommendInterval({
    costMs,
    latencyMs: Math.max(latencyMs, costMs),
    failures: { kind: 'exponential', mtbfMs },
    restartMs: worstDowntimeMs(figures),
    failedShare: shareBelowOne(figures),
    minPauseMs: dump.checkpointsConfig?.min_pause ?? 0,
    ...(load !== null && load < 1 ? { load: { share: load } } : {}),
    goals: {
      quantile: QUANTILE,
      ...(goals.recoveryMs === undefined || load === null ? {} : { recoveryMs: goals.recoveryMs }),
      ...(goals.replayMs === undefined ? {} : { replayMs: goals.replayMs }),
    },
  })
  const { intervalMs, reason } = report.recommended
  return { intervalMs, reason, report }
}

const shareBelowOne = ({ failedShare }: TwinFigures): number => Math.min(failedShare.value ?? 0, 0.95)
