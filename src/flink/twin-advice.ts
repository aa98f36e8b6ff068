/** What to change about a job, each with the evidence for it. */
import { durationText } from '../intervals/index.ts'
import { periodicCheckpoints } from './infer-checkpoints.ts'
import { missingSlots } from './infer-downtime.ts'
import type { JobDump } from './job-dump.ts'
import { clusterSetting, restartSettings } from './restart-settings.ts'
import type { TwinFigures } from './twin-figures.ts'

export interface Advice {
  /** What to do. */
  readonly advice: string
  /** What in the dump speaks for it. */
  readonly evidence: string
}

/** A start delay this long is back-pressure, not messaging. */
const LONG_START_DELAY_MS = 500
/** A duration above this share of the interval is near it. */
const NEAR_INTERVAL = 0.5
/** State that grows by more than this share an hour, and is larger than this, deserves incremental checkpoints. */
const GROWTH_PER_HOUR = 0.1
const LARGE_STATE_BYTES = 50e6
const FAILED_SHARE = 0.05
const HIGH_LOAD = 0.8

const percent = (share: number): string => `${Math.round(share * 100)} %`

export function adviceFor(dump: JobDump, figures: TwinFigures): Advice[] {
  return [overload, startDelay, nearInterval, failing, growth, slots].flatMap((rule) => rule(dump, figures) ?? [])
}

function overload(_dump: JobDump, { utilisation, bottleneck }: TwinFigures): Advice | null {
  if (utilisation.value === null || utilisation.value <= HIGH_LOAD) return null
  const times = utilisation.value < 1 ? (1 / (1 - utilisation.value)).toFixed(0) : null
  return {
    advice: `add capacity${bottleneck === null ? '' : ` to ${bottleneck.name}`}, e.g. a higher parallelism`,
    evidence:
      times === null
        ? `the load is ${utilisation.value.toFixed(2)}: a backlog never shrinks`
        : `the load is ${utilisation.value.toFixed(2)}: every second of outage or replay takes about ${times} s to recover from`,
  }
}

function startDelay({ checkpointsConfig }: JobDump, { anatomy, startDelayMs }: TwinFigures): Advice | null {
  const worst = anatomy.toSorted((a, b) => b.startDelayMs - a.startDelayMs)[0]
  if (worst === undefined || startDelayMs.value === null || startDelayMs.value < LONG_START_DELAY_MS) return null
  if (worst.startDelayMs < 0.5 * worst.endToEndMs || checkpointsConfig?.unaligned_checkpoints === true) return null
  return {
    advice:
      'enable unaligned checkpoints with execution.checkpointing.aligned-checkpoint-timeout (e.g. 1 s): barriers then ' +
      'overtake the waiting records',
    evidence:
      `the start delay is ${durationText(worst.startDelayMs)} of the ${durationText(worst.endToEndMs)} that a checkpoint ` +
      `takes in ${worst.name}: its barriers wait behind a backlog`,
  }
}

function nearInterval({ checkpointsConfig }: JobDump, figures: TwinFigures): Advice | null {
  const latencyMs = figures.checkpointLatencyMs.value
  const intervalMs = figures.checkpointIntervalMs.value
  if (latencyMs === null || intervalMs === null || latencyMs < NEAR_INTERVAL * intervalMs) return null
  if ((checkpointsConfig?.min_pause ?? 0) > 0) return null
  return {
    advice: `set execution.checkpointing.min-pause (e.g. ${durationText(intervalMs / 2)}), or a longer interval`,
    evidence: `a checkpoint takes ${durationText(latencyMs)} of the ${durationText(intervalMs)} between two: the job hardly works without one`,
  }
}

function failing(dump: JobDump, { failedShare, checkpointLatencyMs }: TwinFigures): Advice | null {
  if (failedShare.value === null || failedShare.value < FAILED_SHARE) return null
  const failed = periodicCheckpoints(dump).filter((entry) => entry.status === 'FAILED')
  const expired = failed.filter((entry) => /expired/i.test(entry.failure_message ?? ''))
  const timeoutMs = dump.checkpointsConfig?.timeout ?? null
  const latency =
    checkpointLatencyMs.value === null ? '' : `; the others take ${durationText(checkpointLatencyMs.value)}`
  if (expired.length > 0 && timeoutMs !== null)
    return {
      advice: 'raise execution.checkpointing.timeout, or find what holds the barriers up',
      evidence: `${percent(failedShare.value)} of the checkpoints failed, ${expired.length} of them by expiring after ${durationText(timeoutMs)}${latency}`,
    }
  const message = failed.at(-1)?.failure_message?.split('\n')[0] ?? 'no reason given'
  return {
    advice: 'find out why checkpoints fail: each failure makes the next recovery longer by one interval',
    evidence: `${percent(failedShare.value)} of the checkpoints failed, the last one with "${message.slice(0, 120)}"`,
  }
}

function growth(dump: JobDump, { stateGrowthBytesPerSecond, stateBytes }: TwinFigures): Advice | null {
  const perHour = (stateGrowthBytesPerSecond.value ?? 0) * 3600
  const bytes = stateBytes.value ?? 0
  if (bytes < LARGE_STATE_BYTES || perHour < GROWTH_PER_HOUR * bytes) return null
  const last = periodicCheckpoints(dump).findLast((entry) => entry.status === 'COMPLETED')
  const incremental = (last?.checkpointed_size ?? bytes) < 0.9 * bytes
  const setting = clusterSetting(dump, 'execution.checkpointing.incremental', 'state.backend.incremental')
  const evidence = `state is ${Math.round(bytes / 1e6)} MB and grows by ${Math.round(perHour / 1e6)} MB an hour`
  return incremental || setting === 'true'
    ? { advice: 'let state expire (state TTL, or windows that close): restoring it takes longer and longer', evidence }
    : { advice: 'use incremental checkpoints (RocksDB and execution.checkpointing.incremental: true)', evidence }
}

function slots(dump: JobDump): Advice | null {
  const missing = missingSlots(dump)
  if (missing === null) return null
  const { kind, attempts, delayMs } = restartSettings(dump)
  if (kind !== 'fixed-delay' || attempts > 100)
    return { advice: 'keep spare slots, as many as the fullest TaskManager has', evidence: missing }
  return {
    advice: 'keep spare slots, or allow more restart attempts: a restart without slots fails at once and uses one up',
    evidence: `${missing}; ${attempts} attempt(s) with ${delayMs} ms between them are used up in seconds`,
  }
}
