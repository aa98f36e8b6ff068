/**
 * Why a checkpoint, or a request for one, came to nothing. The table is closed; a message carries the index of a name.
 *
 * - `preFlight`: it failed before any task heard of it, so the coordinator is to blame even if a task is named.
 * - `counts`: it goes against the tolerable number of failures in a row. The other reasons are part of normal life: a
 *   failover, a newer checkpoint, a task that is not up yet or has ended.
 *
 * Flink: CheckpointFailureReason.
 */
export const CHECKPOINT_FAILURE_REASONS = {
  // the first: what a task that gives no reason declines with
  CHECKPOINT_DECLINED: { preFlight: false, counts: true },
  PERIODIC_SCHEDULER_SHUTDOWN: { preFlight: true, counts: false },
  TOO_MANY_CHECKPOINT_REQUESTS: { preFlight: true, counts: false },
  MINIMUM_TIME_BETWEEN_CHECKPOINTS: { preFlight: true, counts: false },
  NOT_ALL_REQUIRED_TASKS_RUNNING: { preFlight: true, counts: false },
  IO_EXCEPTION: { preFlight: true, counts: true },
  BLOCKING_OUTPUT_EXIST: { preFlight: true, counts: false },
  CHANNEL_STATE_SHARED_STREAM_EXCEPTION: { preFlight: false, counts: false },
  CHECKPOINT_ASYNC_EXCEPTION: { preFlight: false, counts: true },
  CHECKPOINT_EXPIRED: { preFlight: false, counts: true },
  CHECKPOINT_SUBSUMED: { preFlight: false, counts: false },
  CHECKPOINT_DECLINED_TASK_NOT_READY: { preFlight: false, counts: false },
  CHECKPOINT_DECLINED_TASK_CLOSING: { preFlight: false, counts: false },
  CHECKPOINT_DECLINED_SUBSUMED: { preFlight: false, counts: false },
  CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER: { preFlight: false, counts: false },
  CHECKPOINT_DECLINED_INPUT_END_OF_STREAM: { preFlight: false, counts: false },
  CHECKPOINT_COORDINATOR_SHUTDOWN: { preFlight: false, counts: false },
  CHECKPOINT_COORDINATOR_SUSPEND: { preFlight: false, counts: false },
  JOB_FAILOVER_REGION: { preFlight: false, counts: false },
  TASK_FAILURE: { preFlight: false, counts: false },
  TASK_CHECKPOINT_FAILURE: { preFlight: false, counts: false },
  UNKNOWN_TASK_CHECKPOINT_NOTIFICATION_FAILURE: { preFlight: false, counts: false },
  FINALIZE_CHECKPOINT_FAILURE: { preFlight: false, counts: true },
  TRIGGER_CHECKPOINT_FAILURE: { preFlight: false, counts: false },
} as const satisfies Readonly<Record<string, FailureTraits>>

interface FailureTraits {
  readonly preFlight: boolean
  readonly counts: boolean
}
export type CheckpointFailureReason = keyof typeof CHECKPOINT_FAILURE_REASONS
export const FAILURE_REASON_NAMES = Object.keys(CHECKPOINT_FAILURE_REASONS) as CheckpointFailureReason[]
/** Codes by name: what a message carries. */
export const REASON = Object.fromEntries(FAILURE_REASON_NAMES.map((name, i) => [name, i])) as {
  readonly [N in CheckpointFailureReason]: number
}
