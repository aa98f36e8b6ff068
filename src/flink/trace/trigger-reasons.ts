import type { CheckpointFailureReason } from '../../model/index.ts'

/** What Flink says of requests that come to nothing before they have an id. Flink: CheckpointFailureReason. */
const MESSAGES: readonly (readonly [text: string, reason: CheckpointFailureReason])[] = [
  ['Not all required tasks are currently running', 'NOT_ALL_REQUIRED_TASKS_RUNNING'],
  ['Periodic checkpoint scheduler is shut down', 'PERIODIC_SCHEDULER_SHUTDOWN'],
  ['The maximum number of queued checkpoint requests exceeded', 'TOO_MANY_CHECKPOINT_REQUESTS'],
  ['The minimum time between checkpoints is still pending', 'MINIMUM_TIME_BETWEEN_CHECKPOINTS'],
  ['IO-problem detected', 'IO_EXCEPTION'],
  ['Blocking output edge exists', 'BLOCKING_OUTPUT_EXIST'],
]

/** The reason that a line about a failed trigger gives; null if it is none that is known. */
export const triggerReason = (detail: string): CheckpointFailureReason | null =>
  MESSAGES.find(([text]) => detail.includes(text))?.[1] ?? null
