import { inWords, JobError } from './job-error.ts'
import type { SinkSpec } from './job-graph.ts'

/**
 * A log that a two-phase commit writes to: records become visible when the checkpoint that covers them is complete, each
 * exactly once. FLIP-143.
 * @param log name of the log; letters, digits and . _ -
 */
export const transactionalLog = (log: string): SinkSpec => ({ kind: 'transactional-log', log: checkedName(log) })

/**
 * A log that records are appended to as they come. They are visible at once, so a restart may write them again:
 * at-least-once.
 * @param log name of the log; letters, digits and . _ -
 */
export const appendLog = (log: string): SinkSpec => ({ kind: 'append-log', log: checkedName(log) })

function checkedName(log: string): string {
  if (typeof log === 'string' && /^[\w.-]+$/.test(log)) return log
  throw new JobError(`the name of a log must be letters, digits and . _ -, but is ${inWords(log)}`)
}
