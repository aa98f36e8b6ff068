/** The recovery of a failure at a given moment, from the figures of a dump taken before it. */
import { estimateRecoveryMs, type RecoverySight, recoveryBandMs } from './estimate-recovery.ts'
import { type Fallback, fallbackCheckpoint } from './fallback-checkpoint.ts'
import { sourceProgress } from './infer-arrival.ts'
import type { FailureKind } from './infer-downtime.ts'
import { inferDowntime } from './infer-downtime.ts'
import type { JobDump } from './job-dump.ts'
import type { TwinFigures } from './twin-figures.ts'

/** Times in ms. */
export interface FailurePrediction {
  readonly failureAtMs: number
  readonly kind: FailureKind
  /** Null: the job never catches up. */
  readonly recoveryMs: number | null
  /** What is read again, in time of arrival. */
  readonly replayMs: number
  readonly downtimeMs: number
  /** Lag of the first output after the restart. */
  readonly peakLagMs: number
  /** The middle 80 % of the recoveries to expect; null ends are "never". */
  readonly low80: number | null
  readonly high80: number | null
  readonly fallback: Fallback
}

export interface FailureInput {
  readonly dump: JobDump
  readonly figures: TwinFigures
  readonly failureAtMs: number
  readonly kind: FailureKind
  /** `--downtime`, ms */
  readonly givenDowntimeMs: number | undefined
  readonly sight: RecoverySight
}

const orNull = (ms: number): number | null => (Number.isFinite(ms) ? ms : null)

/** The prediction, or a sentence on what is missing for one. */
export function predictFailure(input: FailureInput): FailurePrediction | string {
  const { dump, figures, failureAtMs, kind, sight } = input
  const { arrivalPerSecond: arrival, capacityPerSecond: capacity } = figures
  const downtime = inferDowntime({ dump, kind, failureAtMs, given: input.givenDowntimeMs })
  if (arrival.value === null) return `No recovery without an arrival rate: ${arrival.from}.`
  if (capacity.value === null) return `No recovery without a capacity: ${capacity.from}.`
  if (downtime.figure.value === null) return `No recovery without a downtime: ${downtime.figure.from}.`
  const intervalMs = figures.checkpointIntervalMs.value
  const fallback = fallbackCheckpoint({
    dump,
    failureAtMs,
    intervalMs,
    latencyMs: figures.checkpointLatencyMs.value ?? 0,
    arrivalPerSecond: arrival.value,
    progress: sourceProgress(dump),
  })
  const recovery = {
    downtimeMs: downtime.figure.value,
    replayMs: fallback.replayMs,
    arrivalPerSecond: arrival.value,
    capacityPerSecond: capacity.value,
    intervalMs,
    costMs: figures.syncMs.value ?? 0,
    sight,
  }
  const [low80, high80] = recoveryBandMs(recovery, {
    downtimesMs: downtime.possibleMs,
    arrivalRelativeSd: arrival.relativeSd ?? 0,
    capacityRelativeSd: capacity.relativeSd ?? 0,
  })
  return {
    failureAtMs,
    kind,
    recoveryMs: orNull(estimateRecoveryMs(recovery)),
    replayMs: fallback.replayMs,
    downtimeMs: downtime.figure.value,
    // The first output waits for a buffer to fill or time out at half of the hops, on average.
    peakLagMs: downtime.figure.value + fallback.replayMs + sight.normalLagMs / 2,
    low80: orNull(low80),
    high80: orNull(high80),
    fallback,
  }
}
