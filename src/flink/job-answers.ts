/**
 * What Flink answers about a job and its vertices: `/jobs/:id`, `…/plan`, `…/config`, `…/exceptions`, `…/metrics`,
 * `…/vertices/:vertex`, its `backpressure` and its subtask metrics, versions 1.9 to 2.3.
 */
import { z } from 'zod'
import { flinkNumber } from './numbers.ts'

/** Counters since a task started. The accumulated times (ms) came with 1.16; busy time is "NaN" for old sources. */
export const ioMetricsSchema = z.looseObject({
  'read-records': z.number().nullish(),
  'write-records': z.number().nullish(),
  'accumulated-idle-time': flinkNumber.nullish(),
  'accumulated-busy-time': flinkNumber.nullish(),
  'accumulated-backpressured-time': flinkNumber.nullish(),
})

/** A vertex in the answer about its job; the metrics are sums over its subtasks. */
export const jobVertexSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  parallelism: z.number(),
  status: z.string(),
  'start-time': z.number(),
  metrics: ioMetricsSchema.nullish(),
})

const planNodeSchema = z.looseObject({
  id: z.string(),
  inputs: z.array(z.looseObject({ id: z.string() })).nullish(),
})

/** The job graph as the plan shows it; sinks first in some versions, sources first in others. */
export const planSchema = z.looseObject({ jid: z.string().nullish(), nodes: z.array(planNodeSchema) })

/** `/jobs/:id` */
export const jobSchema = z.looseObject({
  jid: z.string(),
  name: z.string(),
  state: z.string(),
  'start-time': z.number(),
  now: z.number(),
  /** Last time each state was entered, epoch ms; 0 if never. */
  timestamps: z.record(z.string(), z.number()),
  vertices: z.array(jobVertexSchema),
  plan: planSchema.nullish(),
})

/** `/jobs/:id/plan` */
export const planAnswerSchema = z.looseObject({ plan: planSchema })

/** `/jobs/:id/config` */
export const jobConfigSchema = z.looseObject({
  jid: z.string(),
  name: z.string(),
  'execution-config': z.looseObject({ 'restart-strategy': z.string().nullish() }).nullish(),
})

/** One failure of the exception history. */
export const exceptionSchema = z.looseObject({
  exceptionName: z.string(),
  timestamp: z.number(),
  stacktrace: z.string().nullish(),
  taskName: z.string().nullish(),
  taskManagerId: z.string().nullish(),
})

/** `/jobs/:id/exceptions`; the history came with 1.13. */
export const exceptionsSchema = z.looseObject({
  exceptionHistory: z.looseObject({ entries: z.array(exceptionSchema), truncated: z.boolean().nullish() }).nullish(),
  timestamp: z.number().nullish(),
  'root-exception': z.string().nullish(),
})

/** `/jobs/:id/metrics?get=…` */
export const jobMetricsSchema = z.array(z.looseObject({ id: z.string(), value: z.string().nullish() }))

/** `/jobs/:id/vertices/:vertex` */
export const vertexSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  parallelism: z.number(),
  now: z.number(),
  subtasks: z.array(
    z.looseObject({
      subtask: z.number(),
      status: z.string(),
      attempt: z.number(),
      'start-time': z.number(),
      'taskmanager-id': z.string().nullish(),
      metrics: ioMetricsSchema,
      /** Time spent in each state so far, ms; since 1.17. */
      'status-duration': z.record(z.string(), z.number()).nullish(),
    }),
  ),
})

/** `/jobs/:id/vertices/:vertex/backpressure`; ratios are averages over 60 s. */
export const backPressureSchema = z.looseObject({
  status: z.string(),
  'end-timestamp': z.number().nullish(),
  subtasks: z
    .array(
      z.looseObject({
        subtask: z.number(),
        ratio: flinkNumber.nullish(),
        idleRatio: flinkNumber.nullish(),
        busyRatio: flinkNumber.nullish(),
      }),
    )
    .nullish(),
})

/** `/jobs/:id/vertices/:vertex/subtasks/metrics?get=…&agg=avg,max` */
export const subtaskMetricsSchema = z.array(
  z.looseObject({ id: z.string(), avg: flinkNumber.nullish(), max: flinkNumber.nullish() }),
)

export type IoMetrics = z.infer<typeof ioMetricsSchema>
export type Job = z.infer<typeof jobSchema>
export type JobVertex = z.infer<typeof jobVertexSchema>
export type Plan = z.infer<typeof planSchema>
export type JobConfig = z.infer<typeof jobConfigSchema>
export type Exceptions = z.infer<typeof exceptionsSchema>
export type FlinkException = z.infer<typeof exceptionSchema>
export type JobMetrics = z.infer<typeof jobMetricsSchema>
export type Vertex = z.infer<typeof vertexSchema>
export type BackPressure = z.infer<typeof backPressureSchema>
export type SubtaskMetrics = z.infer<typeof subtaskMetricsSchema>
