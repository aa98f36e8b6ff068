/** What the checkpoint history says: interval, cost, latency and its parts, state, failures. */

import type { Checkpoint } from './checkpoint-answers.ts'
import { type Inferred, known, mean, median, unknown } from './inferred.ts'
import type { JobDump } from './job-dump.ts'

/** Where the time of a checkpoint goes in one vertex, ms, medians over the checkpoints with details. */
export interface VertexAnatomy {
  readonly vertexId: string
  readonly name: string
  /** From the trigger until the first barrier arrived, worst subtask. */
  readonly startDelayMs: number
  /** From the first barrier until the last, worst subtask. */
  readonly alignmentMs: number
  /** Snapshot that stops the task, worst subtask. */
  readonly syncMs: number
  /** Upload beside the work, worst subtask. */
  readonly asyncMs: number
  /** From the trigger until the acknowledgement, worst subtask. */
  readonly endToEndMs: number
}

export interface CheckpointFigures {
  /** Null value: periodic checkpoints are off. */
  readonly checkpointIntervalMs: Inferred
  readonly checkpointLatencyMs: Inferred
  /** Work lost to one checkpoint: synchronous snapshot and alignment of the busiest vertex. */
  readonly checkpointCostMs: Inferred
  readonly startDelayMs: Inferred
  readonly alignmentMs: Inferred
  readonly syncMs: Inferred
  readonly asyncMs: Inferred
  readonly stateBytes: Inferred
  readonly stateGrowthBytesPerSecond: Inferred
  /** Of real checkpoints; see `failedShareOf`. */
  readonly failedShare: Inferred
  readonly anatomy: readonly VertexAnatomy[]
}

/** A job does not lose less than this to a checkpoint, ms: the resolution of Flink's clock. */
const LEAST_COST_MS = 1

/** Checkpoints that are not savepoints, oldest first. */
export function periodicCheckpoints({ checkpoints }: JobDump): Checkpoint[] {
  return (checkpoints?.history ?? [])
    .filter((entry) => entry.is_savepoint !== true)
    .sort((a, b) => a.trigger_timestamp - b.trigger_timestamp)
}

export function inferCheckpoints(dump: JobDump, bottleneckId: string | null): CheckpointFigures {
  const completed = periodicCheckpoints(dump).filter((entry) => entry.status === 'COMPLETED')
  // The first one comes while the job starts, with little state.
  const settled = completed.length > 2 ? completed.slice(1) : completed
  const anatomy = anatomyOf(dump)
  const durations = settled.flatMap((entry) => entry.end_to_end_duration ?? [])
  const none = dump.checkpoints === null ? 'the dump has no checkpoints.json' : 'no checkpoint has completed yet'
  const worst = (part: keyof Omit<VertexAnatomy, 'vertexId' | 'name'>): Inferred =>
    anatomy.length === 0
      ? unknown('the dump holds no checkpoint details per subtask (checkpoint_N_subtasks_vK.json)')
      : known(
          Math.max(...anatomy.map((vertex) => vertex[part])),
          'high',
          'worst vertex, median over the checkpoints with details',
        )
  const limiting = anatomy.find((vertex) => vertex.vertexId === bottleneckId) ?? anatomy[0]
  const last = completed.at(-1)
  return {
    checkpointIntervalMs: intervalOf(dump, periodicCheckpoints(dump)),
    checkpointLatencyMs:
      durations.length === 0
        ? unknown(none)
        : known(median(durations), 'high', `median end-to-end duration of ${durations.length} checkpoints`),
    checkpointCostMs:
      limiting === undefined
        ? durations.length === 0
          ? unknown(none)
          : known(
              Math.max(LEAST_COST_MS, median(durations) * 0.1),
              'low',
              'a tenth of the duration, as the dump holds no details per subtask',
            )
        : known(
            Math.max(LEAST_COST_MS, limiting.syncMs + limiting.alignmentMs),
            'medium',
            `synchronous snapshot and alignment in ${limiting.name}, worst subtask`,
          ),
    startDelayMs: worst('startDelayMs'),
    alignmentMs: worst('alignmentMs'),
    syncMs: worst('syncMs'),
    asyncMs: worst('asyncMs'),
    stateBytes:
      last?.state_size == null ? unknown(none) : known(last.state_size, 'high', `state_size of checkpoint ${last.id}`),
    stateGrowthBytesPerSecond: growthOf(settled),
    failedShare: failedShareOf(dump),
    anatomy,
  }
}

function intervalOf({ checkpointsConfig }: JobDump, triggered: readonly Checkpoint[]): Inferred {
  if (checkpointsConfig !== null)
    return checkpointsConfig.interval === null
      ? { value: null, from: 'checkpoints_config.json: periodic checkpoints are disabled', sure: 'high' }
      : known(checkpointsConfig.interval, 'high', 'checkpoints_config.json')
  const gaps = triggered.slice(1).map((entry, i) => entry.trigger_timestamp - triggered[i]!.trigger_timestamp)
  if (gaps.length === 0)
    return unknown('the dump has no checkpoints_config.json and fewer than two checkpoints; give --config')
  return known(median(gaps), gaps.length > 4 ? 'medium' : 'low', `median time between ${gaps.length + 1} triggers`)
}

/** State growth by least squares over the completed checkpoints; unknown below four of them. */
function growthOf(completed: readonly Checkpoint[]): Inferred {
  const points = completed.flatMap((entry) =>
    entry.state_size == null ? [] : [[entry.trigger_timestamp, entry.state_size] as const],
  )
  if (points.length < 4) return unknown('fewer than four completed checkpoints: wait for more')
  const meanTime = mean(points.map(([time]) => time))
  const meanSize = mean(points.map(([, size]) => size))
  const spread = points.reduce((total, [time]) => total + (time - meanTime) ** 2, 0)
  const slope = points.reduce((total, [time, size]) => total + (time - meanTime) * (size - meanSize), 0) / spread
  return known(slope * 1000, 'medium', `trend of ${points.length} checkpoints`)
}

/**
 * The share of checkpoints that failed. `counts.failed` would be wrong: it includes triggers that failed before there was a
 * checkpoint (one when a job starts, two after a failure), which have neither an id nor an entry in the history.
 */
function failedShareOf(dump: JobDump): Inferred {
  // One that was under way when the job failed did not fail by itself.
  const done = periodicCheckpoints(dump).filter(
    (entry) => entry.status !== 'IN_PROGRESS' && !/coordinator is suspending/i.test(entry.failure_message ?? ''),
  )
  if (done.length === 0) return unknown('no checkpoint has ended yet')
  const failed = done.filter((entry) => entry.status === 'FAILED').length
  return known(
    failed / done.length,
    done.length >= 10 ? 'high' : 'medium',
    `${failed} of the ${done.length} checkpoints in the history`,
  )
}

function anatomyOf({ vertices, subtasks }: JobDump): VertexAnatomy[] {
  return vertices.flatMap(({ id, name }) => {
    const perCheckpoint = [...subtasks.values()].flatMap((byVertex) => {
      const tasks = byVertex.get(id)?.subtasks.filter((task) => task.checkpoint != null) ?? []
      if (tasks.length === 0) return []
      const worst = (of: (task: (typeof tasks)[number]) => number | null | undefined): number =>
        Math.max(...tasks.map((task) => of(task) ?? 0))
      return [
        {
          startDelayMs: worst((task) => task.start_delay),
          alignmentMs: worst((task) => task.alignment?.duration),
          syncMs: worst((task) => task.checkpoint?.sync),
          asyncMs: worst((task) => task.checkpoint?.async),
          endToEndMs: worst((task) => task.end_to_end_duration),
        },
      ]
    })
    if (perCheckpoint.length === 0) return []
    const middle = (part: keyof (typeof perCheckpoint)[number]): number => median(perCheckpoint.map((one) => one[part]))
    return [
      {
        vertexId: id,
        name,
        startDelayMs: middle('startDelayMs'),
        alignmentMs: middle('alignmentMs'),
        syncMs: middle('syncMs'),
        asyncMs: middle('asyncMs'),
        endToEndMs: middle('endToEndMs'),
      },
    ]
  })
}
