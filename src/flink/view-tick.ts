/**
 * What the 60-second metrics say while a task is younger than 70 s, and how that gives the arrival rate from one sample.
 *
 * A TaskManager renews its views every 5 s, counted from its own start. A new view joins at the next tick and is renewed
 * from the tick after that (Flink: ViewUpdater adds new views after it has updated the old ones). Hence, at its k-th
 * renewal, 5k to 5k + 5 s after the task began:
 *
 *   numRecordsInPerSecond · 60 s  = records since the start         (MeterView: the count of 60 s ago is 0)
 *   idleTimeMsPerSecond · 5 s · k = idle time since the start       (TimerGauge: the mean of k windows)
 *
 * So the last tick is a second sample of records and idle time, at an unknown time. Idle time per record between the tick
 * and the newest sample is 1/λ − c with c the busy time per record, which the counters give. That yields λ even where
 * nobody knows when the source began to emit, and k follows from it: a solution must place the tick between 5k and 5k + 5 s.
 */
import { sum } from './inferred.ts'
import type { VertexDump } from './job-dump.ts'
import { subtaskMetric, type TaskSample, taskSamples, VIEW_FULL_MS } from './task-work.ts'

const TICK_MS = 5000
/** Slack around 5k … 5k + 5 s: ticks come some ms late each, and the metrics of a task are registered before it runs. */
const SLACK_MS = 400
/** The last tick is at most one period, and what a busy machine adds to it, ago. */
const LONGEST_SPAN_MS = TICK_MS + 100
/** Records reach a task in network buffers, flushed every 100 ms (execution.buffer-timeout): each of two counts is that
 * coarse, so their difference has a standard deviation of 100 ms · √(2/12). */
const FLUSH_SD_MS = 41
/** Relative standard deviation of the busy time per record between the tick and the sample, against the whole. */
const COST_SD = 0.015

/** The rate at which a vertex reads, from its last tick to its newest sample. */
export interface TickRate {
  /** Records per second, all subtasks together. */
  readonly perSecond: number
  /** From the tick to the sample, ms. */
  readonly spanMs: number
  readonly relativeSd: number
  /** How far outside of 5k … 5k + 5 s the tick would lie, ms. */
  readonly misfitMs: number
}

/** The gauge ends here: a task that is idle for more than five seconds in a window of five shows no more. */
const MOST_IDLE = 0.9995

/** All rates that fit, the best first; more than one if the number of ticks is ambiguous. Empty where none fits. */
export function tickRates(vertex: VertexDump): TickRate[] {
  const tasks = taskSamples(vertex)
  const idleRatios = tasks.map((task) => idleRatio(vertex, task))
  const recordsIn = sum(tasks.map((task) => task.recordsIn))
  const sinceTick = recordsIn - subtaskMetric(vertex, 'numRecordsInPerSecond') * 60 * tasks.length
  if (tasks.length === 0 || tasks.some((task) => task.elapsedMs > VIEW_FULL_MS) || !(sinceTick > 0)) return []
  if (idleRatios.some((ratio) => !(ratio < MOST_IDLE))) return []
  const busyPerRecordMs = sum(tasks.map((task) => task.busyMs)) / recordsIn
  const idleMs = sum(tasks.map((task) => task.idleMs))

  const rates: TickRate[] = []
  for (const ticks of tickCounts(tasks)) {
    // Flink rounds the gauge down to whole ms/s.
    const idleAtTickMs = sum(ticks.map((k, i) => k * (TICK_MS / 1000) * (idleRatios[i]! * 1000 + 0.5)))
    const idlePerRecordMs = (idleMs - idleAtTickMs) / sinceTick
    const perSecond = (1000 * tasks.length) / (idlePerRecordMs + busyPerRecordMs)
    const spanMs = (sinceTick / perSecond) * 1000
    const misfitMs = Math.max(
      ...tasks.map((task, i) => {
        const afterTickMs = task.elapsedMs - spanMs - ticks[i]! * TICK_MS
        return Math.max(0, -afterTickMs, afterTickMs - TICK_MS)
      }),
    )
    if (idlePerRecordMs > 0 && spanMs < LONGEST_SPAN_MS && misfitMs < SLACK_MS)
      rates.push({ perSecond, spanMs, misfitMs, relativeSd: COST_SD + FLUSH_SD_MS / spanMs })
  }
  return rates.sort((a, b) => a.misfitMs - b.misfitMs || a.relativeSd - b.relativeSd)
}

function idleRatio({ backPressure, metrics }: VertexDump, task: TaskSample): number {
  const own = backPressure?.subtasks?.find((subtask) => subtask.subtask === task.subtask)?.idleRatio
  return own ?? (metrics?.find((metric) => metric.id === 'idleTimeMsPerSecond')?.avg ?? Number.NaN) / 1000
}

/** Tick counts to try: equal on each TaskManager, and one more or less between two of them. */
function tickCounts(tasks: readonly TaskSample[]): number[][] {
  const managers = [...new Set(tasks.map((task) => task.taskManagerId))]
  const most = Math.ceil(Math.max(...tasks.map((task) => task.elapsedMs)) / TICK_MS)
  const counts: number[][] = []
  for (let k = 1; k <= most; k += 1) {
    counts.push(tasks.map(() => k))
    if (managers.length === 1) continue
    for (const late of managers) counts.push(tasks.map((task) => (task.taskManagerId === late ? k + 1 : k)))
  }
  return counts
}
