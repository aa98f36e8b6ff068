/**
 * What the tasks of a vertex did, and when, from counters that Flink serves with delays of its own:
 *
 * - Counters (`read-records`, `accumulated-busy-time`, …) are copies of the last fetch from the TaskManagers, up to
 *   `metrics.fetcher.update-interval` (10 s) old. A request that finds them old starts a fetch and is answered with the old
 *   ones. So the answer about the job and those about its vertices, milliseconds apart, often hold two samples: two points
 *   of the same curve.
 * - When a sample was taken stands in it: busy + idle + back-pressured time is the time since the task runs. Flink:
 *   TaskIOMetricGroup.getAccumulatedBusyTime is the running time minus the other two.
 * - Rates (`…PerSecond`) and ratios cover 60 s and are renewed every 5 s. Until 70 s after the start they are something
 *   else: see `view-tick`.
 */

import { mean, sum } from './inferred.ts'
import type { IoMetrics } from './job-answers.ts'
import type { VertexDump } from './job-dump.ts'

/** Work over a stretch of time, summed over the subtasks of a vertex. Times are ms. */
export interface Work {
  readonly subtasks: number
  /** Mean stretch per subtask. */
  readonly elapsedMs: number
  readonly recordsIn: number
  readonly recordsOut: number
  readonly busyMs: number
  readonly idleMs: number
  readonly backPressuredMs: number
}

/** One subtask at the time of the sample. */
export interface TaskSample extends Work {
  readonly subtask: number
  readonly attempt: number
  readonly taskManagerId: string | null
  /** When it began to run, epoch ms. */
  readonly runningSinceMs: number
  /** When the sample was taken, epoch ms. */
  readonly sampledAtMs: number
  /** Deploying and initialising, ms; null where the version does not say. */
  readonly startUpMs: number | null
}

/** Counters as work since the tasks run; null where the accumulated times are missing (before 1.16) or not a number. */
export function workOf(metrics: IoMetrics | null, subtasks: number): Work | null {
  const busyMs = metrics?.['accumulated-busy-time'] ?? Number.NaN
  const idleMs = metrics?.['accumulated-idle-time'] ?? Number.NaN
  const backPressuredMs = metrics?.['accumulated-backpressured-time'] ?? Number.NaN
  const elapsedMs = (busyMs + idleMs + backPressuredMs) / subtasks
  if (metrics === null || !Number.isFinite(elapsedMs)) return null
  const recordsIn = metrics['read-records'] ?? 0
  return { subtasks, elapsedMs, recordsIn, recordsOut: metrics['write-records'] ?? 0, busyMs, idleMs, backPressuredMs }
}

/** The running subtasks of a vertex; empty where the dump holds no details or no accumulated times. */
export function taskSamples({ detail }: VertexDump): TaskSample[] {
  return (detail?.subtasks ?? []).flatMap((task) => {
    const work = workOf(task.metrics, 1)
    if (work === null || task.status !== 'RUNNING') return []
    const durations = task['status-duration']
    const runningMs = durations?.RUNNING ?? detail!.now - task['start-time']
    const runningSinceMs = detail!.now - runningMs
    return [
      {
        ...work,
        subtask: task.subtask,
        attempt: task.attempt,
        taskManagerId: task['taskmanager-id'] ?? null,
        runningSinceMs,
        sampledAtMs: runningSinceMs + work.elapsedMs,
        startUpMs: durations ? (durations.DEPLOYING ?? 0) + (durations.INITIALIZING ?? 0) : null,
      },
    ]
  })
}

/** Work since the tasks run, by the newest sample; null where unknown. */
export function workSinceStart(vertex: VertexDump): Work | null {
  const samples = taskSamples(vertex)
  if (samples.length === 0) return workOf(vertex.earlier, vertex.parallelism)
  return {
    subtasks: samples.length,
    elapsedMs: mean(samples.map((task) => task.elapsedMs)),
    recordsIn: sum(samples.map((task) => task.recordsIn)),
    recordsOut: sum(samples.map((task) => task.recordsOut)),
    busyMs: sum(samples.map((task) => task.busyMs)),
    idleMs: sum(samples.map((task) => task.idleMs)),
    backPressuredMs: sum(samples.map((task) => task.backPressuredMs)),
  }
}

/** A 60-second view covers 60 s, and not less, from its 13th renewal on: see `view-tick`. */
export const VIEW_FULL_MS = 70_000

/** How long the tasks of a vertex have been running, ms; null where the dump holds no details of it. */
export function runningMs(vertex: VertexDump): number | null {
  const samples = taskSamples(vertex)
  if (samples.length > 0) return Math.min(...samples.map((task) => task.elapsedMs))
  const { detail } = vertex
  if (detail === null || detail.subtasks.length === 0) return null
  return Math.min(...detail.subtasks.map((task) => detail.now - task['start-time']))
}

/** Work of the last minute by the 60-second views, once they are full; all that versions before 1.16 say. */
function workOfLastMinute(vertex: VertexDump): Work | null {
  const subtasks = vertex.parallelism
  const overMinute = (name: string): number => subtaskMetric(vertex, name) * 60 * subtasks
  const busyMs = overMinute('busyTimeMsPerSecond')
  if ((runningMs(vertex) ?? 0) < VIEW_FULL_MS || !Number.isFinite(busyMs)) return null
  return {
    subtasks,
    elapsedMs: 60_000,
    recordsIn: overMinute('numRecordsInPerSecond') || 0,
    recordsOut: overMinute('numRecordsOutPerSecond') || 0,
    busyMs,
    idleMs: overMinute('idleTimeMsPerSecond') || 0,
    backPressuredMs: overMinute('backPressuredTimeMsPerSecond') || 0,
  }
}

/** Work since the tasks run, or of the last minute where the counters do not say. */
export const workKnown = (vertex: VertexDump): Work | null => workSinceStart(vertex) ?? workOfLastMinute(vertex)

/** Work between two samples of the same tasks. */
export const workBetween = (older: Work, newer: Work): Work => ({
  subtasks: newer.subtasks,
  elapsedMs: newer.elapsedMs - older.elapsedMs,
  recordsIn: newer.recordsIn - older.recordsIn,
  recordsOut: newer.recordsOut - older.recordsOut,
  busyMs: newer.busyMs - older.busyMs,
  idleMs: newer.idleMs - older.idleMs,
  backPressuredMs: newer.backPressuredMs - older.backPressuredMs,
})

/**
 * Work between the two samples inside one dump, the older one in the answer about the job. Null where they are the same, or
 * not of the same attempt, or the older one is from before the first record.
 */
export function workWithinDump(vertex: VertexDump): Work | null {
  const older = workOf(vertex.earlier, vertex.parallelism)
  const newer = workSinceStart(vertex)
  if (older === null || newer === null || taskSamples(vertex).length < vertex.parallelism) return null
  const between = workBetween(older, newer)
  return older.recordsIn + older.recordsOut > 0 && between.elapsedMs > 0 ? between : null
}

/** Work between two dumps of a job whose tasks have not been restarted in between; null otherwise. */
export function workBetweenDumps(older: VertexDump, newer: VertexDump): Work | null {
  const from = taskSamples(older)
  const to = taskSamples(newer)
  const same = from.length > 0 && from.length === to.length && from.every((task, i) => task.attempt === to[i]!.attempt)
  // The start is worked out from two clocks' readings: the same task within a second.
  const unbroken = same && from.every((task, i) => Math.abs(task.runningSinceMs - to[i]!.runningSinceMs) < 1000)
  const before = workSinceStart(older)
  const after = workSinceStart(newer)
  return unbroken && before !== null && after !== null ? workBetween(before, after) : null
}

/** The vertices that read from no other: by the plan, or by name and order where there is none. */
export function sourceVertices(vertices: readonly VertexDump[]): readonly VertexDump[] {
  const planned = vertices.filter((vertex) => vertex.inputs?.length === 0)
  if (planned.length > 0) return planned
  const named = vertices.filter((vertex) => /^Source:/i.test(vertex.name))
  return named.length > 0 ? named : vertices.slice(0, 1)
}

/**
 * Records that a vertex reads for one record that the sources emit: what its inputs write for one record that they read,
 * along the graph. Records on their way do not matter. 1 where no plan tells.
 */
export function readsPerSourceRecord(vertex: VertexDump, vertices: readonly VertexDump[]): number {
  const byId = new Map(vertices.map((one) => [one.id, one]))
  const sources = sourceVertices(vertices)
  const emitted = sum(sources.map((source) => workKnown(source)?.recordsOut ?? 0))
  const reads = (reader: VertexDump, below: readonly string[]): number => {
    const work = workKnown(reader)
    if (sources.includes(reader)) return emitted === 0 ? 1 : (work?.recordsOut ?? 0) / emitted
    return sum(
      (reader.inputs ?? []).map((id) => {
        const input = byId.get(id)
        if (input === undefined || below.includes(id)) return 0
        const inputWork = workKnown(input)
        const perRead =
          sources.includes(input) || !inputWork?.recordsIn ? 1 : inputWork.recordsOut / inputWork.recordsIn
        return reads(input, [...below, id]) * perRead
      }),
    )
  }
  const found = reads(vertex, [vertex.id])
  return found > 0 ? found : 1
}

/** The value of a subtask metric; NaN where the dump does not have it. */
export const subtaskMetric = ({ metrics }: VertexDump, name: string, how: 'avg' | 'max' = 'avg'): number =>
  metrics?.find((metric) => metric.id === name)?.[how] ?? Number.NaN
