/**
 * The closed vocabulary of messages between entities that live in folders which do not know one another.
 * A message's code is its index in the list; the charts declare the same lists as their events.
 */
const codes = <const N extends string>(names: readonly N[]): { readonly [K in N]: number } =>
  Object.fromEntries(names.map((name, i) => [name, i])) as { readonly [K in N]: number }

/** To a task: the slot of one vertex on one task manager. START is the boot event of every chart. */
export const TASK_MESSAGES = [
  'START',
  'DEPLOY', //           a: attempt, ref: deployment (execution)
  'FETCHED', //          a: file, b: 1 ok | 0 failed
  'WAKE', //             time to look for work
  'TRIGGER', //          a: checkpoint, b: kind of snapshot and alignment
  'NOTIFY_COMPLETE', //  a: checkpoint, b: newest one that it has subsumed, 0: none
  'NOTIFY_ABORT', //     a: checkpoint, b: newest completed one, 0: none
  'ADD_SPLIT', //        a: split
  'NO_MORE_SPLITS',
  'SERIALIZED', //       a: checkpoint: the asynchronous part has made the bytes
  'PUT_DONE', //         a: checkpoint, b: PUT result
  'TIMER', //            a processing-time timer or a protocol's timer is due; a: its code
  'CANCEL', //           from the job manager
  'FAIL', //             the task fails; a: cause
  'TERMINATE', //        the task manager takes the process down or lets the task go
  'RECOVERED', //        self: a step of the sink's recovery or of the initialisation is done
] as const
export const T = codes(TASK_MESSAGES)

export const COORDINATOR_MESSAGES = [
  'START',
  'LOAD', //           new leader: read the store; a: epoch
  'LOADED', //         ref: list of entries
  'SCHEDULE', //       the periodic schedule begins; a: execution, b: 1 if its first trigger has come before all tasks ran
  'SUSPEND', //        the job restarts, ends or fails
  'TICK', //           periodic trigger
  'ID', //             a: a new checkpoint id is durable; 0: none could be drawn
  'SNAPSHOTTED', //    a: enumerator has taken its part, b: checkpoint, ref: its state
  'ACK', //            a: attempt, b: checkpoint, ref: file
  'DECLINE', //        a: attempt, b: checkpoint, ref: reason
  'EXPIRE', //         b: checkpoint
  'STORED', //         b: checkpoint, a: WRITE result
  'RESOLVED', //       b: checkpoint, a: 1 in the store | 0 not: the answer to a read-back
  'RESTORE', //        the job manager asks for the basis of the next execution
  'REMOVED', //        a: checkpoint whose entry has left the store
  'REQUEST', //        somebody wants a snapshot now; a: its kind, ref: who asks
  'INITIALIZED', //    self: a checkpoint without enumerators has its place in storage
  'TRIGGER_FAILED', // self: the trigger that is under way has failed
  'RPC_FAILED', //     b: checkpoint that a task could not be told to take
  'LOOK', //           self: a slot or a cleaner has become free: look at the queue of requests
  'CLEANED', //        self: the files of a checkpoint are deleted; a: 1 if nobody is to look at the queue
  'ABORT', //          all checkpoints on their way end; a: reason
  'BACKLOG', //        a: source, b: 1 it works off a backlog | 0 not any more
  'SHUT_DOWN', //      the job is over for good
] as const
export const C = codes(COORDINATOR_MESSAGES)

export const JOB_MANAGER_MESSAGES = [
  'START',
  'GRANTED', //     a: epoch, b: what has become of the job, 0: it goes on
  'BASIS', //       a: checkpoint or 0 for none, ref: entry: the coordinator's answer to LOAD and RESTORE
  'REGISTER', //    a: task manager, b: its incarnation
  'LOST', //        a: task manager, b: its incarnation: connection closed or heartbeat timed out
  'RUNNING', //     a: attempt
  'FAILED', //      a: attempt, b: cause
  'CANCELLED', //   a: attempt
  'FINISHED', //    a: attempt
  'BACKOFF', //     the restart delay is over
  'SLOTS', //       enough waiting for more task managers
  'FAIL_JOB', //    a: execution: too many failed checkpoints, b: attempt that is to blame for the last one, 0: none
  'RESCALE', //     the job has been given another number of slots
  'REVOKED', //     its session with the store has ended: it leads no more, and may be the last to know
] as const
export const J = codes(JOB_MANAGER_MESSAGES)

export const TASK_MANAGER_MESSAGES = [
  'START',
  'LEADER', //      a: epoch of a new leader
  'DISCONNECT', //  the job manager has given this task manager up
  'EXPEL', //       it has found out: its tasks end
  'CRASH',
  'RESTARTED',
] as const
export const M = codes(TASK_MANAGER_MESSAGES)

export const ENUMERATOR_MESSAGES = [
  'START',
  'REQUEST', //   a: subtask, b: attempt
  'CONFIRM', //   a: split, b: attempt: the reader has it
  'SNAPSHOT', //  a: checkpoint
  'OPEN', //      a: subtask, b: checkpoint: the reader has taken its part, events may go to it again
  'COMPLETE', //  a: checkpoint
  'RESET', //     a: basis (0: none), b: 1 from the stored state (new leader) | 0 splits back (task restart), ref: entry
] as const
export const N = codes(ENUMERATOR_MESSAGES)

export const STORAGE_MESSAGES = [
  'START',
  'PUT', //     a: task entity, b: checkpoint, ref: file
  'APPLIED', // the same: the bytes are there (or not)
  'GET', //     a: task entity, ref: file
  'DELETE', //  ref: file
] as const
export const S = codes(STORAGE_MESSAGES)

export const STORE_MESSAGES = [
  'START',
  'CAMPAIGN', //  b: incarnation of the job manager
  'DRAW_ID', //   b: epoch
  'ADD', //       a: epoch, b: checkpoint, ref: entry
  'APPLY', //     the same: the write takes effect (or not)
  'READ', //      a: epoch
  'READ_BACK', // a: epoch, b: checkpoint: is its entry there?
  'REMOVE', //    a: epoch, b: checkpoint
  'EXPIRED', //   b: incarnation of a job manager whose session has ended
  'RECONNECT', // b: incarnation of a job manager that was cut off and asks whether its session is still there
  'END_JOB', //   a: epoch, b: 1 finished | 2 given up
  'CLEAN_UP', //  the metadata go: what only the end of a job may ask for
] as const
export const V = codes(STORE_MESSAGES)

/** Outcome of a write as its writer sees it. */
export const OK = 1
export const FAILED = 0
export const UNKNOWN = 2
