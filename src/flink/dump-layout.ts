/**
 * The layout of a saved dump: one file per answer, `_index.json` with the path and time of each request.
 *
 *   job.json  plan.json  job_config.json  exceptions.json  job_metrics.json       /jobs/:id…
 *   checkpoints.json  checkpoints_config.json                                    /jobs/:id/checkpoints…
 *   checkpoint_N.json  checkpoint_N_subtasks_vK.json                             …/details/N…
 *   vertex_vK.json  backpressure_vK.json  subtask_metrics_vK.json                /jobs/:id/vertices/:vertex…
 *   overview.json  config.json  taskmanagers.json  jobmanager_config.json        the cluster
 *
 * K counts the vertices in the order of `job.json`; `_index.json` names their ids.
 */
import { z } from 'zod'

/** `_index.json` */
export const dumpIndexSchema = z.looseObject({
  /** Epoch ms of the first and the last request. */
  begin: z.number(),
  end: z.number(),
  vertex_ids: z.array(z.string()),
  /** Name without `.json` -> what was asked, and when (epoch ms). */
  requests: z.record(z.string(), z.looseObject({ path: z.string(), t: z.number() })),
})

export type DumpIndex = z.infer<typeof dumpIndexSchema>

/** One GET request. */
export interface DumpRequest {
  /** File name without `.json`. */
  readonly name: string
  readonly path: string
}

const JOB_METRICS =
  'lastCheckpointDuration lastCheckpointSize lastCheckpointRestoreTimestamp numberOfCompletedCheckpoints ' +
  'numberOfFailedCheckpoints numRestarts fullRestarts uptime downtime restartingTime'
const SUBTASK_METRICS =
  'busyTimeMsPerSecond backPressuredTimeMsPerSecond idleTimeMsPerSecond numRecordsInPerSecond numRecordsOutPerSecond'
const get = (names: string): string => `get=${names.replaceAll(' ', ',')}`

/** The requests about a job besides `/jobs/:id` itself and its checkpoints one by one. */
export function jobRequests(jobId: string, vertexIds: readonly string[]): DumpRequest[] {
  const job = `/jobs/${jobId}`
  return [
    { name: 'checkpoints', path: `${job}/checkpoints` },
    { name: 'checkpoints_config', path: `${job}/checkpoints/config` },
    { name: 'exceptions', path: `${job}/exceptions` },
    { name: 'plan', path: `${job}/plan` },
    { name: 'job_config', path: `${job}/config` },
    { name: 'job_metrics', path: `${job}/metrics?${get(JOB_METRICS)}` },
    ...vertexIds.flatMap((vertexId, k) => {
      const vertex = `${job}/vertices/${vertexId}`
      return [
        { name: `vertex_v${k}`, path: vertex },
        { name: `backpressure_v${k}`, path: `${vertex}/backpressure` },
        { name: `subtask_metrics_v${k}`, path: `${vertex}/subtasks/metrics?${get(SUBTASK_METRICS)}&agg=avg,max` },
      ]
    }),
    { name: 'overview', path: '/overview' },
    { name: 'config', path: '/config' },
    { name: 'taskmanagers', path: '/taskmanagers' },
    { name: 'jobmanager_config', path: '/jobmanager/config' },
  ]
}

/** The requests about one checkpoint. */
export function checkpointRequests(jobId: string, checkpointId: number, vertexIds: readonly string[]): DumpRequest[] {
  const details = `/jobs/${jobId}/checkpoints/details/${checkpointId}`
  return [
    { name: `checkpoint_${checkpointId}`, path: details },
    ...vertexIds.map((vertexId, k) => ({
      name: `checkpoint_${checkpointId}_subtasks_v${k}`,
      path: `${details}/subtasks/${vertexId}`,
    })),
  ]
}
