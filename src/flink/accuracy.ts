/** How well recoveries of a real cluster are predicted from dumps taken before the failure. */
import { DEFAULT_RECOVERED_LAG_MS, DEFAULT_REPORT_EVERY_MS, type RecoverySight } from './estimate-recovery.ts'
import { mean } from './inferred.ts'
import type { JobDump } from './job-dump.ts'
import { normalLagMs } from './normal-lag.ts'
import { type FailurePrediction, predictFailure } from './predict-failure.ts'
import { type GivenFigures, twinFigures } from './twin-figures.ts'

/** A failure whose recovery was measured. */
export interface MeasuredRun {
  readonly name: string
  readonly kind: 'exception' | 'kill'
  readonly failureAtMs: number
  readonly measuredMs: number
  /** Arrival and capacity that the experiment set. */
  readonly arrivalPerSecond: number
  readonly capacityPerSecond: number
  /** Why it is listed apart, or null if it is scored. */
  readonly apart: string | null
  readonly before: JobDump
}

export interface ScoredRun {
  readonly name: string
  readonly kind: 'exception' | 'kill'
  readonly measuredMs: number
  /** Null: no prediction, or a job that never catches up. */
  readonly dumpOnlyMs: number | null
  readonly withRatesMs: number | null
  /** The 80 % band from the dump alone. */
  readonly low80: number | null
  readonly high80: number | null
}

export interface KindAccuracy {
  readonly n: number
  /** Mean absolute error in percent of the measured recovery. */
  readonly errorDumpOnly: number
  readonly errorWithRates: number
  /** Percent of the runs within the band. */
  readonly coverage80: number
}

export interface AccuracyReport {
  readonly exception: KindAccuracy
  readonly kill: KindAccuracy
  /** Both kinds pooled. */
  readonly pooled: KindAccuracy
  readonly runs: readonly ScoredRun[]
  /** Runs that are predicted but not scored, each with the reason. */
  readonly apart: readonly (ScoredRun & { readonly reason: string })[]
}

/** Predicts every run and scores those that are not set apart. */
export function scoreAccuracy(measured: readonly MeasuredRun[]): AccuracyReport {
  const all = measured.map((run) => ({ run, scored: scoreRun(run) }))
  const runs = all.filter(({ run }) => run.apart === null).map(({ scored }) => scored)
  return {
    exception: accuracyOf(runs.filter((run) => run.kind === 'exception')),
    kill: accuracyOf(runs.filter((run) => run.kind === 'kill')),
    pooled: accuracyOf(runs),
    runs,
    apart: all.flatMap(({ run, scored }) => (run.apart === null ? [] : [{ ...scored, reason: run.apart }])),
  }
}

function scoreRun(run: MeasuredRun): ScoredRun {
  const alone = predict(run, {})
  const withRates = predict(run, {
    arrivalPerSecond: run.arrivalPerSecond,
    capacityPerSecond: run.capacityPerSecond,
  })
  return {
    name: run.name,
    kind: run.kind,
    measuredMs: run.measuredMs,
    dumpOnlyMs: alone?.recoveryMs ?? null,
    withRatesMs: withRates?.recoveryMs ?? null,
    low80: alone?.low80 ?? null,
    high80: alone?.high80 ?? null,
  }
}

function predict({ before, failureAtMs, kind }: MeasuredRun, given: GivenFigures): FailurePrediction | null {
  const sight: RecoverySight = {
    recoveredLagMs: DEFAULT_RECOVERED_LAG_MS,
    reportEveryMs: DEFAULT_REPORT_EVERY_MS,
    normalLagMs: normalLagMs(before),
  }
  const prediction = predictFailure({
    dump: before,
    figures: twinFigures(before, null, given),
    failureAtMs,
    kind: kind === 'kill' ? 'taskmanager' : 'exception',
    givenDowntimeMs: undefined,
    sight,
  })
  return typeof prediction === 'string' ? null : prediction
}

function accuracyOf(runs: readonly ScoredRun[]): KindAccuracy {
  // A prediction of "never" or none at all is as wrong as one of nothing.
  const error = (predicted: number | null, { measuredMs }: ScoredRun): number =>
    predicted === null ? 100 : (100 * Math.abs(predicted - measuredMs)) / measuredMs
  const within = ({ low80, high80, measuredMs }: ScoredRun): number =>
    low80 !== null && low80 <= measuredMs && measuredMs <= (high80 ?? Number.POSITIVE_INFINITY) ? 100 : 0
  return {
    n: runs.length,
    errorDumpOnly: mean(runs.map((run) => error(run.dumpOnlyMs, run))),
    errorWithRates: mean(runs.map((run) => error(run.withRatesMs, run))),
    coverage80: mean(runs.map(within)),
  }
}
