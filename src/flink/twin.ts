/**
 * The twin of a real job: what its dump says, what follows for its recoveries, and what to change.
 *
 * Everything here is a pure function of one dump (two, if an older one of the same job is given) and of what the user adds.
 */
import { replayAge } from '../intervals/index.ts'
import type { CheckpointsConfig } from './checkpoint-answers.ts'
import {
  DEFAULT_RECOVERED_LAG_MS,
  DEFAULT_REPORT_EVERY_MS,
  estimateRecoveryMs,
  type RecoverySight,
} from './estimate-recovery.ts'
import type { VertexAnatomy } from './infer-checkpoints.ts'
import type { FailureKind } from './infer-downtime.ts'
import { type Inferred, known, unknown } from './inferred.ts'
import type { JobDump } from './job-dump.ts'
import { type LastRecovery, lastRecovery } from './last-recovery.ts'
import { normalLagMs } from './normal-lag.ts'
import { type FailurePrediction, predictFailure } from './predict-failure.ts'
import { type Recommendation, recommendForJob, type TwinGoals } from './recommend-for-job.ts'
import { type RestartSettings, restartSettings } from './restart-settings.ts'
import { type Advice, adviceFor } from './twin-advice.ts'
import { type GivenFigures, type TwinFigures, twinFigures } from './twin-figures.ts'

export interface TwinOptions extends GivenFigures {
  /** An older dump of the same job: sharpens the rates. */
  readonly earlier?: JobDump | undefined
  /** When the failure strikes, epoch ms. */
  readonly failureAtMs?: number | undefined
  /** `exception` unless given. */
  readonly kind?: FailureKind | undefined
  readonly goals?: TwinGoals | undefined
  /** Lag that counts as recovered, ms; 500 unless given, twice the normal lag if that is more. */
  readonly recoveredLagMs?: number | undefined
  /** How often the output's worst lag is looked at, ms; 200 unless given. */
  readonly reportEveryMs?: number | undefined
}

/** Figures as they are reported, by name. */
export type InferredFigures = {
  readonly [Name in keyof TwinFigures as TwinFigures[Name] extends Inferred ? Name : never]: Inferred
} & { readonly failureTimesMs: Inferred<readonly number[]> }

export interface TwinReport {
  readonly job: {
    readonly id: string | null
    readonly name: string | null
    readonly state: string | null
    readonly startMs: number | null
    /** Restarts so far; null where the dump does not say. */
    readonly restarts: number | null
    /** The vertex that limits it. */
    readonly bottleneck: string | null
  }
  readonly flink: { readonly version: string | null }
  readonly config: {
    readonly checkpoints: CheckpointsConfig | null
    readonly restart: RestartSettings
  }
  readonly inferred: InferredFigures
  readonly prediction: {
    /** Failures at random moments at the current interval, ms; null: not known, or never. */
    readonly recoveryMs: { readonly p50: number | null; readonly p90: number | null; readonly p99: number | null }
    readonly atFailure?: FailurePrediction
    /** How "recovered" is told. */
    readonly sight: RecoverySight
  }
  readonly lastRecovery: LastRecovery | null
  readonly recommended: Recommendation
  readonly anatomy: readonly VertexAnatomy[]
  readonly advice: readonly Advice[]
  readonly problems: readonly string[]
}

/** Everything that the dump says about the job. Never throws for what a dump may hold: `problems` says what is wrong. */
export function twin(dump: JobDump, options: TwinOptions = {}): TwinReport {
  const problems = [...dump.problems]
  const earlier = sameJob(dump, options.earlier ?? null, problems)
  const figures = twinFigures(dump, earlier, options)
  const sight: RecoverySight = {
    recoveredLagMs: options.recoveredLagMs ?? DEFAULT_RECOVERED_LAG_MS,
    reportEveryMs: options.reportEveryMs ?? DEFAULT_REPORT_EVERY_MS,
    normalLagMs: normalLagMs(dump),
  }
  const kind = options.kind ?? 'exception'
  const { utilisation, checkpointIntervalMs } = figures
  if (checkpointIntervalMs.value === null && checkpointIntervalMs.sure === 'high')
    problems.push(
      'Periodic checkpoints are disabled (interval 9223372036854775807): a failure replays everything since the last savepoint.',
    )
  if (dump.checkpoints !== null && dump.checkpoints.history.length === 0)
    problems.push('No checkpoint has been triggered yet: nothing is known about their duration.')
  if (utilisation.value !== null && utilisation.value >= 1)
    problems.push(
      `The load is ${utilisation.value.toFixed(2)}: the job falls behind and never recovers from a failure.`,
    )

  const atFailure =
    options.failureAtMs === undefined
      ? undefined
      : predictFailure({
          dump,
          figures,
          failureAtMs: options.failureAtMs,
          kind,
          givenDowntimeMs: options.downtimeMs,
          sight,
        })
  if (typeof atFailure === 'string') problems.push(atFailure)

  const { failureTimesMs, anatomy, bottleneck, ...inferred } = figures
  return {
    job: {
      id: dump.jobId,
      name: dump.jobName,
      state: dump.job?.state ?? null,
      startMs: dump.job?.['start-time'] ?? null,
      restarts: restartsOf(dump),
      bottleneck: bottleneck?.name ?? null,
    },
    flink: { version: dump.flinkVersion },
    config: { checkpoints: dump.checkpointsConfig, restart: restartSettings(dump) },
    inferred: {
      ...inferred,
      failureTimesMs:
        dump.exceptions === null
          ? unknown<readonly number[]>('the dump has no exceptions.json')
          : known(failureTimesMs, 'high', 'exceptions.json, failures within 5 s taken as one'),
    },
    prediction: {
      recoveryMs: recoveryQuantiles(dump, figures, kind, sight),
      ...(typeof atFailure === 'object' ? { atFailure } : {}),
      sight,
    },
    lastRecovery: lastRecovery(dump, figures, sight),
    recommended: recommendForJob(dump, figures, options.goals ?? {}),
    anatomy,
    advice: adviceFor(dump, figures),
    problems,
  }
}

function restartsOf({ jobMetrics }: JobDump): number | null {
  const text = jobMetrics?.find((metric) => metric.id === 'numRestarts' || metric.id === 'fullRestarts')?.value
  return text == null ? null : Number(text)
}

function sameJob(dump: JobDump, earlier: JobDump | null, problems: string[]): JobDump | null {
  if (earlier === null || earlier.jobId === dump.jobId) return earlier
  problems.push(
    `The earlier dump is of job ${earlier.jobId ?? 'unknown'}, this one of ${dump.jobId ?? 'unknown'}: it is left out; give two dumps of one job.`,
  )
  return null
}

/** Recovery at the current interval, failures at random moments. */
function recoveryQuantiles(
  { checkpointsConfig }: JobDump,
  figures: TwinFigures,
  kind: FailureKind,
  sight: RecoverySight,
): TwinReport['prediction']['recoveryMs'] {
  const { arrivalPerSecond, capacityPerSecond, checkpointIntervalMs, checkpointLatencyMs, syncMs } = figures
  const downtimeMs = (kind === 'exception' ? figures.downtimeMs : figures.taskManagerDowntimeMs).value
  const intervalMs = checkpointIntervalMs.value
  const latencyMs = checkpointLatencyMs.value
  if (
    arrivalPerSecond.value === null ||
    capacityPerSecond.value === null ||
    downtimeMs === null ||
    intervalMs === null ||
    latencyMs === null
  )
    return { p50: null, p90: null, p99: null }
  const age = replayAge({
    intervalMs: Math.max(intervalMs, latencyMs + (checkpointsConfig?.min_pause ?? 0)),
    latencyMs,
    failedShare: Math.min(figures.failedShare.value ?? 0, 0.95),
  })
  const at = (probability: number): number | null => {
    const ms = estimateRecoveryMs({
      downtimeMs,
      replayMs: age.quantile(probability),
      arrivalPerSecond: arrivalPerSecond.value!,
      capacityPerSecond: capacityPerSecond.value!,
      intervalMs,
      costMs: syncMs.value ?? 0,
      sight,
    })
    return Number.isFinite(ms) ? ms : null
  }
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99) }
}
