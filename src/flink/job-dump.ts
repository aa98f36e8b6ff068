/**
 * Everything Flink answered about one job at one time. `parseDump` takes the texts as they were served and reads as much
 * of them as can be read: a dump may be damaged, incomplete, of any version from 1.9 on, or mixed from two jobs. What is
 * wrong is said in `problems`, a sentence each; what is missing is null or empty.
 */
import type { z } from 'zod'
import {
  type CheckpointDetails,
  type Checkpoints,
  type CheckpointsConfig,
  checkpointDetailsSchema,
  checkpointsConfigSchema,
  checkpointsSchema,
  type SubtaskCheckpoints,
  subtaskCheckpointsSchema,
} from './checkpoint-answers.ts'
import {
  type JobManagerConfig,
  jobManagerConfigSchema,
  type Overview,
  overviewSchema,
  type TaskManagers,
  taskManagersSchema,
} from './cluster-answers.ts'
import { type DumpIndex, dumpIndexSchema } from './dump-layout.ts'
import {
  type BackPressure,
  backPressureSchema,
  type Exceptions,
  exceptionsSchema,
  type IoMetrics,
  type Job,
  type JobConfig,
  type JobMetrics,
  jobConfigSchema,
  jobMetricsSchema,
  jobSchema,
  type Plan,
  planAnswerSchema,
  type SubtaskMetrics,
  subtaskMetricsSchema,
  type Vertex,
  vertexSchema,
} from './job-answers.ts'
import { keepOneJob } from './one-job.ts'
import { flinkError, readAnswer } from './read-answer.ts'

/** What is known of one vertex of the job graph. */
export interface VertexDump {
  readonly id: string
  readonly name: string
  readonly parallelism: number
  /** Ids of the vertices it reads from; empty for a source, null where no plan tells. */
  readonly inputs: readonly string[] | null
  /** Sums over its subtasks in the answer about the job: often as of an earlier fetch of metrics than `detail`. */
  readonly earlier: IoMetrics | null
  readonly detail: Vertex | null
  readonly backPressure: BackPressure | null
  readonly metrics: SubtaskMetrics | null
}

export interface JobDump {
  /** Where it came from, for people: an address, a folder, a file. */
  readonly source: string
  readonly jobId: string | null
  readonly jobName: string | null
  readonly flinkVersion: string | null
  /** When the dump was begun, epoch ms. */
  readonly takenAtMs: number | null
  readonly job: Job | null
  readonly vertices: readonly VertexDump[]
  readonly checkpoints: Checkpoints | null
  readonly checkpointsConfig: CheckpointsConfig | null
  readonly details: ReadonlyMap<number, CheckpointDetails>
  /** Checkpoint id -> vertex id -> its subtasks. */
  readonly subtasks: ReadonlyMap<number, ReadonlyMap<string, SubtaskCheckpoints>>
  readonly exceptions: Exceptions | null
  readonly jobConfig: JobConfig | null
  readonly jobMetrics: JobMetrics | null
  readonly overview: Overview | null
  readonly taskManagers: TaskManagers | null
  readonly jobManagerConfig: JobManagerConfig | null
  readonly problems: readonly string[]
}

/** What `parseDump` has read so far; `keepOneJob` takes out of it what belongs to another job. */
export interface DumpParts {
  readonly index: DumpIndex | null
  job: Job | null
  plan: Plan | null
  checkpoints: Checkpoints | null
  checkpointsConfig: CheckpointsConfig | null
  readonly details: Map<number, CheckpointDetails>
  readonly subtasks: Map<number, Map<string, SubtaskCheckpoints>>
  exceptions: Exceptions | null
  jobConfig: JobConfig | null
  jobMetrics: JobMetrics | null
  /** Vertex id -> its own answers. */
  readonly vertices: Map<string, Pick<VertexDump, 'detail' | 'backPressure' | 'metrics'>>
}

const CHECKPOINT_FILE = /^checkpoint_(\d+)$/
const SUBTASKS_FILE = /^checkpoint_(\d+)_subtasks_v(\d+)$/
const VERTEX_FILE = /^vertex_v(\d+)$/

/**
 * Reads a dump.
 * @param files the text of each answer by its name in the layout of a dump (see `dump-layout`), with or without `.json`
 * @param source where it came from, for people
 */
export function parseDump(files: ReadonlyMap<string, string>, source: string): JobDump {
  const problems: string[] = []
  const texts = new Map([...files].map(([name, text]) => [name.replace(/\.json$/, ''), text]))
  const read = <S extends z.ZodType>(name: string, schema: S): z.output<S> | null => {
    const text = texts.get(name)
    if (text === undefined) return null
    const answer = readAnswer(`${name}.json`, text, schema)
    if ('value' in answer) return answer.value
    problems.push(noCheckpointing(text) ?? answer.problem)
    return null
  }
  if (texts.size === 0) problems.push(`${source} holds no answer of Flink's REST API (no .json file): give a dump.`)

  const parts: DumpParts = {
    index: read('_index', dumpIndexSchema),
    job: read('job', jobSchema),
    plan: null,
    checkpoints: read('checkpoints', checkpointsSchema),
    checkpointsConfig: read('checkpoints_config', checkpointsConfigSchema),
    details: new Map(),
    subtasks: new Map(),
    exceptions: read('exceptions', exceptionsSchema),
    jobConfig: read('job_config', jobConfigSchema),
    jobMetrics: read('job_metrics', jobMetricsSchema),
    vertices: new Map(),
  }
  parts.plan = read('plan', planAnswerSchema)?.plan ?? parts.job?.plan ?? null

  const vertexIds: string[] = [...(parts.index?.vertex_ids ?? parts.job?.vertices.map((vertex) => vertex.id) ?? [])]
  for (const name of texts.keys()) {
    const number = Number(VERTEX_FILE.exec(name)?.[1] ?? Number.NaN)
    if (Number.isNaN(number)) continue
    const detail = read(name, vertexSchema)
    const id = detail?.id ?? vertexIds[number]
    if (id === undefined) continue
    vertexIds[number] = id
    parts.vertices.set(id, {
      detail,
      backPressure: read(`backpressure_v${number}`, backPressureSchema),
      metrics: read(`subtask_metrics_v${number}`, subtaskMetricsSchema),
    })
  }
  for (const name of texts.keys()) {
    if (CHECKPOINT_FILE.test(name)) {
      const details = read(name, checkpointDetailsSchema)
      if (details !== null) parts.details.set(details.id, details)
    }
    const [, checkpoint, number] = SUBTASKS_FILE.exec(name) ?? []
    const vertexId = vertexIds[Number(number)]
    if (vertexId === undefined) continue
    const subtasks = read(name, subtaskCheckpointsSchema)
    if (subtasks === null) continue
    const byVertex = parts.subtasks.get(Number(checkpoint)) ?? new Map<string, SubtaskCheckpoints>()
    parts.subtasks.set(Number(checkpoint), byVertex.set(vertexId, subtasks))
  }

  problems.push(...keepOneJob(parts))
  if (texts.size > 0 && parts.checkpoints === null && !texts.has('checkpoints'))
    problems.push(`${source} holds no checkpoints.json (/jobs/:id/checkpoints): nothing can be said about checkpoints.`)

  const overview = read('overview', overviewSchema)
  const { job } = parts
  return {
    source,
    jobId: job?.jid ?? parts.jobConfig?.jid ?? null,
    jobName: job?.name ?? parts.jobConfig?.name ?? null,
    flinkVersion: overview?.['flink-version'] ?? null,
    takenAtMs: parts.index?.begin ?? job?.now ?? newestAnswerMs(parts.checkpoints),
    job,
    vertices: vertexDumps(parts),
    checkpoints: parts.checkpoints,
    checkpointsConfig: parts.checkpointsConfig,
    details: parts.details,
    subtasks: parts.subtasks,
    exceptions: parts.exceptions,
    jobConfig: parts.jobConfig,
    jobMetrics: parts.jobMetrics,
    overview,
    taskManagers: read('taskmanagers', taskManagersSchema),
    jobManagerConfig: read('jobmanager_config', jobManagerConfigSchema),
    problems,
  }
}

/** The sentence for a job that takes no checkpoints, for which Flink answers with an error; null for other answers. */
function noCheckpointing(text: string): string | null {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return null
  }
  if (!/checkpointing (is|has) not (been )?enabled/i.test(flinkError(json) ?? '')) return null
  return 'This job takes no checkpoints, so after a failure it starts from nothing: set execution.checkpointing.interval.'
}

/** The last time that anything happened to a checkpoint, epoch ms. */
function newestAnswerMs(checkpoints: Checkpoints | null): number | null {
  const times = (checkpoints?.history ?? []).flatMap((entry) => [
    entry.trigger_timestamp,
    ...(entry.latest_ack_timestamp ? [entry.latest_ack_timestamp] : []),
  ])
  return times.length === 0 ? null : Math.max(...times)
}

function vertexDumps({ job, plan, vertices }: DumpParts): VertexDump[] {
  const inputs = new Map(plan?.nodes.map((node) => [node.id, (node.inputs ?? []).map((input) => input.id)]))
  const none = { detail: null, backPressure: null, metrics: null }
  const known = job?.vertices.map((vertex) => ({
    id: vertex.id,
    name: vertex.name,
    parallelism: vertex.parallelism,
    inputs: inputs.get(vertex.id) ?? null,
    earlier: vertex.metrics ?? null,
    ...(vertices.get(vertex.id) ?? none),
  }))
  if (known !== undefined) return known
  return [...vertices].flatMap(([id, answers]) =>
    answers.detail === null
      ? []
      : [
          {
            id,
            name: answers.detail.name,
            parallelism: answers.detail.parallelism,
            inputs: inputs.get(id) ?? null,
            earlier: null,
            ...answers,
          },
        ],
  )
}
