/** The capacity: records per second (of the sources) that the job can process while no checkpoint takes work from it. */
import { type Inferred, mean, measured, sum, unknown } from './inferred.ts'
import type { JobDump, VertexDump } from './job-dump.ts'
import {
  readsPerSourceRecord,
  type TaskSample,
  taskSamples,
  type Work,
  workBetweenDumps,
  workKnown,
} from './task-work.ts'

/**
 * A task that waits for records counts its wake-ups as busy; one with a backlog has none. Busy time per record is lower by
 * this share then: median of 36 runs of the cluster data (their `after` against their `before` dumps), 0.7 % to 1.1 %
 * by how much of `after` was catch-up.
 */
const WAKE_UP_SHARE = 0.01
/** Relative standard deviation of the same comparison: what busy time says about the capacity in a catch-up. */
const CAPACITY_SD = 0.02
/** The fewest records that say what one costs. */
const FEWEST_RECORDS = 200
/** Subtasks that differ less from their mean than this are taken as equal: data are not skewed, clocks are coarse. */
const SKEW = 1.1

/** Share of its time that a vertex was busy. */
const busyShare = (work: Work): number => work.busyMs / (work.busyMs + work.idleMs + work.backPressuredMs)

/** The vertex that limits the job: the busiest one. Null where no vertex tells. */
export function bottleneckOf({ vertices }: JobDump): VertexDump | null {
  let busiest: VertexDump | null = null
  let most = -1
  for (const vertex of vertices) {
    const work = workKnown(vertex)
    if (work === null || work.recordsIn + work.recordsOut === 0 || busyShare(work) <= most) continue
    most = busyShare(work)
    busiest = vertex
  }
  return busiest
}

export interface CapacityInput {
  readonly dump: JobDump
  readonly earlier: JobDump | null
  readonly bottleneck: VertexDump | null
  /** `--capacity` */
  readonly given: number | undefined
}

/** Infers the capacity from the busy time per record of the vertex that limits the job. */
export function inferCapacity({ dump, earlier, bottleneck, given }: CapacityInput): Inferred {
  if (given !== undefined) return measured(given, 'given', 0.005, '--capacity')
  if (bottleneck === null)
    return unknown(
      'no vertex says how long it was busy (versions before 1.16 do not, nor do old sources); give --capacity',
    )
  const cost = costBetweenDumps(dump, earlier, bottleneck) ?? costSinceStart(dump, bottleneck)
  if (cost === null)
    return unknown(
      `${bottleneck.name} has read too few records to tell what one costs; wait a minute, or give --capacity`,
    )

  const skew = skewOf(taskSamples(bottleneck))
  const reads = readsPerSourceRecord(bottleneck, dump.vertices)
  const perSecond = (1000 * cost.subtasks) / (cost.busyPerRecordMs * (1 - WAKE_UP_SHARE) * skew * reads)
  const skewed = skew > 1 ? `, its busiest subtask ${skew.toFixed(2)} times as busy as the mean` : ''
  return measured(
    perSecond,
    'medium',
    CAPACITY_SD,
    `${cost.busyPerRecordMs.toPrecision(3)} ms busy per record in ${bottleneck.name} (${cost.over})${skewed}`,
  )
}

interface Cost {
  readonly busyPerRecordMs: number
  readonly subtasks: number
  /** Over what, for people. */
  readonly over: string
}

const recordsHandled = (work: Work): number => (work.recordsIn > 0 ? work.recordsIn : work.recordsOut)

function costBetweenDumps(dump: JobDump, earlier: JobDump | null, vertex: VertexDump): Cost | null {
  const older = earlier?.vertices.find((other) => other.id === vertex.id)
  const work = older === undefined ? null : workBetweenDumps(older, vertex)
  if (work === null || recordsHandled(work) < FEWEST_RECORDS) return null
  const snapshotMs = snapshotMsPerTask(dump, vertex.id, earlier!.takenAtMs ?? 0) * work.subtasks
  return {
    busyPerRecordMs: Math.max(work.busyMs - snapshotMs, work.busyMs / 2) / recordsHandled(work),
    subtasks: work.subtasks,
    over: `${(work.elapsedMs / 1000).toFixed(0)} s between the dumps`,
  }
}

function costSinceStart(dump: JobDump, vertex: VertexDump): Cost | null {
  const work = workKnown(vertex)
  if (work === null || recordsHandled(work) < FEWEST_RECORDS || !(work.busyMs > 0)) return null
  const tasks = taskSamples(vertex)
  const sinceMs =
    tasks.length > 0
      ? Math.min(...tasks.map((task) => task.runningSinceMs))
      : (vertex.detail?.now ?? 0) - work.elapsedMs
  const notRecordsMs = sum(tasks.map(warmUpMs)) + snapshotMsPerTask(dump, vertex.id, sinceMs) * work.subtasks
  return {
    busyPerRecordMs: Math.max(work.busyMs - notRecordsMs, work.busyMs / 2) / recordsHandled(work),
    subtasks: work.subtasks,
    over: tasks.length > 0 ? `${(work.elapsedMs / 1000).toFixed(0)} s since it runs` : 'the last minute',
  }
}

/**
 * Busy time of the first seconds that is not due to records: a JVM that is new to the job loads and compiles classes while
 * it deploys and initialises, and goes on for about as long while records come in. Restarted tasks find it done.
 */
const warmUpMs = (task: TaskSample): number => (task.attempt === 0 ? (task.startUpMs ?? 0) : 0)

/**
 * Busy time of a task in synchronous snapshots since then, ms. Checkpoints without details are taken to have spent the same
 * share of their duration in them.
 */
function snapshotMsPerTask({ checkpoints, subtasks }: JobDump, vertexId: string, sinceMs: number): number {
  const durations = (checkpoints?.history ?? []).flatMap((entry) =>
    entry.status === 'COMPLETED' && entry.trigger_timestamp >= sinceMs
      ? [{ id: entry.id, durationMs: entry.end_to_end_duration ?? 0 }]
      : [],
  )
  const detailed = durations.flatMap(({ id, durationMs }) => {
    const syncMs =
      subtasks
        .get(id)
        ?.get(vertexId)
        ?.subtasks.flatMap((task) => task.checkpoint?.sync ?? []) ?? []
    return syncMs.length === 0 ? [] : [{ durationMs, syncMs: mean(syncMs) }]
  })
  const detailedMs = sum(detailed.map((one) => one.durationMs))
  if (detailedMs === 0) return 0
  return (sum(detailed.map((one) => one.syncMs)) / detailedMs) * sum(durations.map((one) => one.durationMs))
}

/** How much busier the busiest subtask is than their mean; 1 where they are alike. */
function skewOf(tasks: readonly TaskSample[]): number {
  if (tasks.length < 2) return 1
  const shares = tasks.map(busyShare)
  const skew = Math.max(...shares) / mean(shares)
  return skew > SKEW ? skew : 1
}
