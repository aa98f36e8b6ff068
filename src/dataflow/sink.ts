import type { LogSinkSpec } from './job-graph.ts'
import { checkedName } from './own-sink.ts'

/**
 * A log that a two-phase commit writes to: records become visible when the checkpoint that covers them is complete, each
 * exactly once. FLIP-143.
 * @param log name of the log; letters, digits and . _ -
 */
export const transactionalLog = (log: string): LogSinkSpec => ({
  kind: 'transactional-log',
  log: checkedName(log, 'log'),
})

/**
 * A log that records are appended to as they come. They are visible at once, so a restart may write them again:
 * at-least-once.
 * @param log name of the log; letters, digits and . _ -
 */
export const appendLog = (log: string): LogSinkSpec => ({ kind: 'append-log', log: checkedName(log, 'log') })
