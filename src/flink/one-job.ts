import type { DumpParts } from './job-dump.ts'

/** Job ids are 32 hexadecimal digits; a checkpoint's path has that of its job as a folder. */
const JOB_ID_IN_PATH = /\/([0-9a-f]{32})\/chk-\d+/

/**
 * Takes out of a dump what belongs to another job than `job.json` (or, without it, than most of the checkpoints).
 * Returns a sentence per foreign part.
 */
export function keepOneJob(parts: DumpParts): string[] {
  const { job } = parts
  const problems: string[] = []
  const jobId = job?.jid ?? parts.jobConfig?.jid ?? parts.plan?.jid ?? checkpointsJobId(parts)
  if (jobId === null) return problems
  const foreign = (file: string, otherId: string): void => {
    problems.push(
      `${file} is about job ${otherId}, the rest about ${jobId}${job === null ? '' : ` (${job.name})`}: it is left out; ` +
        'save each job into a folder of its own.',
    )
  }

  if (parts.jobConfig !== null && parts.jobConfig.jid !== jobId) {
    foreign('job_config.json', parts.jobConfig.jid)
    parts.jobConfig = null
  }
  if (parts.plan?.jid && parts.plan.jid !== jobId) {
    foreign('plan.json', parts.plan.jid)
    parts.plan = null
  }
  const checkpointsOf = checkpointsJobId(parts)
  if (checkpointsOf !== null && checkpointsOf !== jobId) {
    foreign('checkpoints.json', checkpointsOf)
    parts.checkpoints = null
  }
  if (job === null) return problems

  const ids = new Set(job.vertices.map((vertex) => vertex.id))
  const strangers = [...parts.vertices.keys()].filter((id) => !ids.has(id))
  for (const id of strangers) parts.vertices.delete(id)
  if (strangers.length > 0)
    problems.push(
      `${strangers.length} of the saved vertices (${strangers.join(', ')}) are not vertices of job ${jobId} (${job.name}): ` +
        'they are of another job or of the job before a change of its graph, and are left out.',
    )
  const odd = [...parts.details].filter(([, { tasks }]) => Object.keys(tasks ?? {}).some((id) => !ids.has(id)))
  for (const [checkpointId] of odd) {
    parts.details.delete(checkpointId)
    parts.subtasks.delete(checkpointId)
  }
  if (odd.length > 0)
    problems.push(
      `The details of checkpoint ${odd.map(([checkpointId]) => checkpointId).join(', ')} name vertices that job ${jobId} ` +
        `(${job.name}) does not have: they are of another job and are left out.`,
    )
  return problems
}

/** The job that the checkpoints' paths name, or null where they name none. */
function checkpointsJobId({ checkpoints }: DumpParts): string | null {
  for (const { external_path: path } of checkpoints?.history ?? []) {
    const id = JOB_ID_IN_PATH.exec(path ?? '')?.[1]
    if (id !== undefined) return id
  }
  return null
}
