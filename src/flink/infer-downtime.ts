/**
 * Downtime: from a failure until the first output after the restart.
 *
 * Exception. The job goes to RESTARTING at once, waits for the restart delay, deploys, restores and runs.
 *
 * TaskManager killed. The others see its connections close after about 0.1 s, and the job waits for the restart delay. If
 * by then neither the resource manager nor the job master has given the TaskManager up, the restart is deployed onto the
 * dead one, fails within milliseconds and begins anew, after the next delay. Each gives up at the second heartbeat in a row
 * that cannot be sent, so one to two heartbeat intervals after the kill. When that is for the resource manager follows from
 * the last heartbeat in the dump; the job master's heartbeats are not shown, so its moment is uniform over an interval.
 *
 * ```
 *   kill   seen   1st restart   2nd restart        heartbeats at ↑
 *    │──────│─────────│─╳───────────│──────── output
 *    │   ↑            │     ↑ given up
 * ```
 *
 * The constants are from the 104 runs of the cluster data, Flink 2.3.0 (facts: "What a real cluster does around a failure").
 */
import { type Inferred, known, median, unknown } from './inferred.ts'
import type { JobDump } from './job-dump.ts'
import { clusterDurationMs, clusterSetting, type RestartSettings, restartSettings } from './restart-settings.ts'
import { taskSamples } from './task-work.ts'

export type FailureKind = 'exception' | 'taskmanager'

/** From the exception until the job restarts. */
const EXCEPTION_SEEN_MS = 7
/** From the kill until a task reports the closed connection: 61 to 144 ms. */
const KILL_SEEN_MS = 97
/** Timers and messages add this to a delay. */
const DELAY_SLACK_MS = 4
/** From the restart until the first output, on slots that ran the job before: 126 ms, give or take 20. */
const WARM_START_MS: readonly number[] = [105, 118, 126, 134, 150]
/** The same with a spare slot on another TaskManager: 185 to 385 ms. */
const COLD_START_MS: readonly number[] = [190, 240, 280, 320, 380]
/** A restart onto a TaskManager that is dead fails after this. */
const DEAD_DEPLOYMENT_MS = 24
/** From the second failed heartbeat until the job has been told. */
const GIVEN_UP_TOLD_MS = 15
/** A heartbeat interval as it comes out: timers add 0.7 ms to each. */
const HEARTBEAT_SLACK_MS = 0.7
/** Heartbeats after which the phase of the dump's last one is too uncertain to use. */
const PHASE_KEPT_BEATS = 100
/** Steps of the uniform moment at which the job master gives up. */
const GIVE_UP_STEPS = 20

export interface DowntimeInput {
  readonly dump: JobDump
  readonly kind: FailureKind
  /** When the failure strikes, epoch ms; undefined: at a random moment. */
  readonly failureAtMs?: number | undefined
  /** `--downtime`, ms */
  readonly given: number | undefined
}

export interface Downtime {
  readonly figure: Inferred
  /** Equally likely values, ms, ascending; empty where unknown. */
  readonly possibleMs: readonly number[]
}

/** Infers the downtime of a failure of this kind. */
export function inferDowntime({ dump, kind, failureAtMs, given }: DowntimeInput): Downtime {
  if (given !== undefined) return { figure: known(given, 'given', '--downtime'), possibleMs: [given] }
  const restart = restartSettings(dump)
  if (restart.kind === 'none')
    return {
      figure: unknown(
        `the job does not restart (${restart.from}): a failure ends it; set a restart strategy, or give --downtime`,
      ),
      possibleMs: [],
    }
  const configured = dump.jobConfig !== null || dump.jobManagerConfig !== null
  const possibleMs =
    kind === 'exception' ? exceptionDowntimesMs(restart) : killDowntimesMs(dump, restart, failureAtMs ?? null)
  const slots = kind === 'exception' ? null : missingSlots(dump)
  const delay = `restart delay ${restart.delayMs} ms (${restart.from})`
  const from =
    kind === 'exception'
      ? `${delay}, and deployment and first output as measured on Flink 2.3`
      : `connection closed after 0.1 s, ${delay}, ${roundsText(possibleMs, restart)}, and deployment on a spare slot as measured on Flink 2.3`
  const sure = !configured || slots !== null ? 'low' : kind === 'exception' ? 'high' : 'medium'
  return { figure: known(median(possibleMs), sure, slots === null ? from : `${from}; ${slots}`), possibleMs }
}

/** Pause before the n-th restart in a row (n = 1, 2, …), ms. */
const delayBeforeMs = ({ delayMs, multiplier, maxDelayMs }: RestartSettings, n: number): number =>
  Math.min(delayMs * multiplier ** (n - 1), maxDelayMs) + DELAY_SLACK_MS

function exceptionDowntimesMs(restart: RestartSettings): number[] {
  return WARM_START_MS.map((startMs) => EXCEPTION_SEEN_MS + delayBeforeMs(restart, 1) + startMs)
}

function killDowntimesMs(dump: JobDump, restart: RestartSettings, failureAtMs: number | null): number[] {
  const intervalMs = clusterDurationMs(dump, 10_000, 'heartbeat.interval')
  const threshold = Number(clusterSetting(dump, 'heartbeat.rpc-failure-threshold') ?? 2)
  // Without the counting of failed sends, a silent TaskManager is given up at the heartbeat timeout.
  const afterFirstMs =
    threshold > 0 ? (threshold - 1) * intervalMs : clusterDurationMs(dump, 50_000, 'heartbeat.timeout') - intervalMs
  const steps = Array.from({ length: GIVE_UP_STEPS }, (_, step) => ((step + 0.5) / GIVE_UP_STEPS) * intervalMs)
  const phaseMs = failureAtMs === null ? null : nextHeartbeatMs(dump, intervalMs, failureAtMs)
  const possible: number[] = []
  for (const jobMasterMs of steps)
    for (const resourceManagerMs of phaseMs === null ? steps : [phaseMs]) {
      const managerGivesUpMs = resourceManagerMs + afterFirstMs + GIVEN_UP_TOLD_MS
      const firstKnownMs = Math.min(jobMasterMs + afterFirstMs + GIVEN_UP_TOLD_MS, managerGivesUpMs)
      let restartMs = KILL_SEEN_MS + delayBeforeMs(restart, 1)
      for (let n = 2; restartMs < firstKnownMs && n < 10_000; n += 1)
        restartMs += DEAD_DEPLOYMENT_MS + delayBeforeMs(restart, n)
      // A job master that knows asks for a new slot, and the resource manager first has to know, too.
      const readyMs = Math.max(restartMs, managerGivesUpMs)
      for (const startMs of COLD_START_MS) possible.push(readyMs + startMs)
    }
  return possible.sort((a, b) => a - b)
}

/** From the failure until the resource manager's next heartbeat, ms; null where the dump does not tell. */
function nextHeartbeatMs({ taskManagers }: JobDump, intervalMs: number, failureAtMs: number): number | null {
  const beats = (taskManagers?.taskmanagers ?? []).map((manager) => manager.timeSinceLastHeartbeat)
  const lastMs = Math.max(...beats)
  const periodMs = intervalMs + HEARTBEAT_SLACK_MS
  const sinceMs = failureAtMs - lastMs
  if (!(sinceMs >= 0 && sinceMs < PHASE_KEPT_BEATS * periodMs)) return null
  return Math.ceil(sinceMs / periodMs) * periodMs - sinceMs
}

function roundsText(possibleMs: readonly number[], restart: RestartSettings): string {
  const middle = median(possibleMs)
  const rounds = Math.max(1, Math.floor((middle - KILL_SEEN_MS) / (restart.delayMs + DELAY_SLACK_MS)))
  return rounds === 1
    ? 'once, as the TaskManager is given up by then'
    : `about ${rounds} times, as the TaskManager is given up only after its second missed heartbeat`
}

/** A sentence if the other TaskManagers have too few free slots to take over; null if they have enough, or nothing is known. */
export function missingSlots(dump: JobDump): string | null {
  const managers = dump.taskManagers?.taskmanagers
  if (managers === undefined || managers.length === 0) return null
  const slotsUsed = new Map<string, Set<number>>()
  for (const task of dump.vertices.flatMap(taskSamples)) {
    if (task.taskManagerId === null) continue
    slotsUsed.set(task.taskManagerId, (slotsUsed.get(task.taskManagerId) ?? new Set()).add(task.subtask))
  }
  let worst: { id: string; needed: number; free: number } | null = null
  for (const [id, subtasks] of slotsUsed) {
    const free = managers
      .filter((manager) => manager.id !== id)
      .reduce((total, manager) => total + manager.freeSlots, 0)
    if (free < subtasks.size && (worst === null || subtasks.size - free > worst.needed - worst.free))
      worst = { id, needed: subtasks.size, free }
  }
  if (worst === null) return null
  const needed = worst.needed === 1 ? '1 slot is' : `${worst.needed} slots are`
  return `if ${worst.id} is lost, ${needed} needed and the others have ${worst.free} free: the job waits for a new TaskManager, how long the dump cannot tell`
}
