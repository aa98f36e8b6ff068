/** What the last recovery cost, from a dump taken after it. */
import { estimateRecoveryMs, type RecoverySight } from './estimate-recovery.ts'
import { exceptionsOf } from './infer-failures.ts'
import type { JobDump } from './job-dump.ts'
import { taskSamples } from './task-work.ts'
import type { TwinFigures } from './twin-figures.ts'

/** Times in ms. */
export interface LastRecovery {
  readonly failureAtMs: number
  /** The exception that began it, its class without the package. */
  readonly cause: string
  readonly restarts: number
  readonly checkpointId: number
  /** Age of that checkpoint at the failure; null where the history no longer has it. */
  readonly replayMs: number | null
  /** From the failure until all tasks ran again; null where the dump does not say. */
  readonly downtimeMs: number | null
  /** By the formula, from the above and the rates; null where one is missing, or the job never catches up. */
  readonly recoveryMs: number | null
  /** What took the time, a sentence. */
  readonly why: string
}

/** Exceptions this close belong to one recovery: restarts that fail follow within the restart delay. */
const SAME_RECOVERY_MS = 15_000

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** The last recovery, or null if the job has not been restored after a failure, or the dump does not say. */
export function lastRecovery(dump: JobDump, figures: TwinFigures, sight: RecoverySight): LastRecovery | null {
  const restored = dump.checkpoints?.latest?.restored
  if (!restored) return null
  const before = exceptionsOf(dump).filter((exception) => exception.timestamp <= restored.restore_timestamp)
  const last = before.at(-1)
  if (last === undefined || restored.restore_timestamp - last.timestamp > SAME_RECOVERY_MS) return null
  const first = before.findLast(
    (exception, i) => i === 0 || exception.timestamp - before[i - 1]!.timestamp > SAME_RECOVERY_MS,
  )!
  const restarts = before.filter((exception) => exception.timestamp >= first.timestamp).length
  const origin = dump.checkpoints!.history.find((entry) => entry.id === restored.id)
  const replayMs = origin === undefined ? null : first.timestamp - origin.trigger_timestamp
  const runningSince = dump.vertices.flatMap(taskSamples).map((task) => task.runningSinceMs)
  const running = runningSince.length > 0 && Math.min(...runningSince) >= restored.restore_timestamp
  const downtimeMs = running ? Math.max(...runningSince) - first.timestamp : null
  const recoveryMs = recoveryOf(figures, sight, downtimeMs, replayMs)
  return {
    failureAtMs: first.timestamp,
    cause: first.exceptionName.split('.').at(-1)!,
    restarts,
    checkpointId: restored.id,
    replayMs,
    downtimeMs,
    recoveryMs,
    why: whyText(downtimeMs, replayMs, recoveryMs, figures.utilisation.value, restarts),
  }
}

function recoveryOf(
  { arrivalPerSecond, capacityPerSecond, checkpointIntervalMs, syncMs }: TwinFigures,
  sight: RecoverySight,
  downtimeMs: number | null,
  replayMs: number | null,
): number | null {
  if (downtimeMs === null || replayMs === null || replayMs < 0) return null
  if (arrivalPerSecond.value === null || capacityPerSecond.value === null) return null
  const ms = estimateRecoveryMs({
    downtimeMs,
    replayMs,
    arrivalPerSecond: arrivalPerSecond.value,
    capacityPerSecond: capacityPerSecond.value,
    intervalMs: checkpointIntervalMs.value,
    costMs: syncMs.value ?? 0,
    sight,
  })
  return Number.isFinite(ms) ? ms : null
}

function whyText(
  downtimeMs: number | null,
  replayMs: number | null,
  recoveryMs: number | null,
  load: number | null,
  restarts: number,
): string {
  const rounds = restarts > 1 ? ` in ${restarts} restarts` : ''
  const outage =
    downtimeMs === null ? 'an outage that the dump does not show' : `${seconds(downtimeMs)} of outage${rounds}`
  const replay =
    replayMs === null ? 'a checkpoint that the history no longer has' : `${seconds(replayMs)} of input to read again`
  const catchUp =
    recoveryMs === null || downtimeMs === null || load === null
      ? ''
      : `, and ${seconds(recoveryMs - downtimeMs)} to work it off at a load of ${load.toFixed(2)}`
  return `${outage}, ${replay}${catchUp}`
}
