/**
 * One event of a trace: a line of the DEBUG logs of a real cluster, as JSON. What each means is the log statement's place in
 * Flink; where that matters (whether the line is written before or after what it tells of) the rule that uses it says so.
 */
import { z } from 'zod'

const line = { t_ms: z.int(), who: z.string(), proc: z.string().default('') }
const ofCheckpoint = { ...line, checkpoint: z.int() }
const ofTask = { ...ofCheckpoint, attempt: z.int() }
const triggered = z.looseObject({ trigger_timestamp: z.int() })
/** Whose message it is, as the job manager has it. */
const sender = z.looseObject({ from: z.string(), attempt: z.int() })
const change = z.looseObject({ from: z.string(), to: z.string() })

const told = <const E extends string>(event: E) => z.looseObject({ event: z.literal(event), ...line })
const ofIt = <const E extends string>(event: E) => z.looseObject({ event: z.literal(event), ...ofCheckpoint })
const byTask = <const E extends string>(event: E) => z.looseObject({ event: z.literal(event), ...ofTask })

export const traceEventSchema = z.discriminatedUnion('event', [
  // the job
  told('restore_none'),
  ofIt('restore').extend({ detail: triggered }),
  told('job_state').extend({ detail: change }),
  told('task_state').extend({ detail: change.extend({ task: z.string(), attempt: z.int() }) }),
  told('restart_region').extend({ detail: z.string() }),
  // the checkpoint coordinator
  ofIt('trigger').extend({ detail: triggered.extend({ type: z.string() }) }),
  told('trigger_failed').extend({ detail: z.string() }),
  ofIt('ack_received').extend({ detail: sender }),
  ofIt('late_ack_expired').extend({ detail: sender }),
  ofIt('ack_unknown').extend({ detail: sender }),
  ofIt('declined').extend({ detail: sender }),
  ofIt('late_decline').extend({ detail: sender }),
  ofIt('expired'),
  ofIt('failed').extend({ detail: z.string() }),
  ofIt('completed'),
  // the coordinators of sources
  ofIt('coord_snapshot'),
  ofIt('coord_notify_complete'),
  ofIt('coord_notify_aborted'),
  // the thread of a task
  byTask('barrier').extend({ channel: z.string() }),
  byTask('cancel_barrier'),
  byTask('handler_trigger'),
  byTask('handler_abort'),
  byTask('aligned'),
  byTask('checkpoint_start'),
  byTask('skip_aborted'),
  byTask('broadcast').extend({ detail: triggered }),
  byTask('sync_done').extend({ detail: z.looseObject({ unaligned: z.boolean() }) }),
  byTask('aborted'),
  byTask('notify_complete_recv'),
  byTask('notify_complete'),
  byTask('notify_subsumed'),
  byTask('notify_aborted'),
  // the thread of an asynchronous part
  byTask('async_start'),
  byTask('async_done'),
  // whoever drives the experiment
  told('failure_injected').extend({ detail: z.looseObject({ kind: z.string(), tm: z.string().nullish() }) }),
  told('first_out'),
  told('recovered'),
  told('act'),
])

export type TraceEvent = z.output<typeof traceEventSchema> & {
  /** Number of its line, from 1. */
  readonly line: number
}
export type TraceEventName = TraceEvent['event']
/** The events of some kinds. */
export type EventOf<N extends TraceEventName> = Extract<TraceEvent, { event: N }>

const names = (...of: TraceEventName[]): ReadonlySet<string> => new Set(of)

/** Of the job and its restarts. */
export type JobEvent = EventOf<'restore_none' | 'restore' | 'job_state' | 'task_state' | 'restart_region'>
const JOB_EVENTS = names('restore_none', 'restore', 'job_state', 'task_state', 'restart_region')
export const isJobEvent = (e: TraceEvent): e is JobEvent => JOB_EVENTS.has(e.event)

/** Of whoever drives the experiment. */
export type DriverEvent = EventOf<'failure_injected' | 'first_out' | 'recovered' | 'act'>
const DRIVER_EVENTS = names('failure_injected', 'first_out', 'recovered', 'act')
export const isDriverEvent = (e: TraceEvent): e is DriverEvent => DRIVER_EVENTS.has(e.event)

/** Of the coordinators of sources. */
export type SourceEvent = EventOf<'coord_snapshot' | 'coord_notify_complete' | 'coord_notify_aborted'>
const SOURCE_EVENTS = names('coord_snapshot', 'coord_notify_complete', 'coord_notify_aborted')
export const isSourceEvent = (e: TraceEvent): e is SourceEvent => SOURCE_EVENTS.has(e.event)

/** Of the checkpoint coordinator. */
export type CoordinatorEvent = EventOf<'trigger' | 'trigger_failed' | MessageEvent | 'expired' | 'failed' | 'completed'>
/** A message of a task to it. */
export type MessageEvent = 'ack_received' | 'late_ack_expired' | 'ack_unknown' | 'declined' | 'late_decline'
const COORDINATOR_EVENTS = names(
  'trigger',
  'trigger_failed',
  'ack_received',
  'late_ack_expired',
  'ack_unknown',
  'declined',
  'late_decline',
  'expired',
  'failed',
  'completed',
)
export const isCoordinatorEvent = (e: TraceEvent): e is CoordinatorEvent => COORDINATOR_EVENTS.has(e.event)

/** Of an attempt of a task: all others. */
export type TaskEvent = Exclude<TraceEvent, JobEvent | DriverEvent | SourceEvent | CoordinatorEvent>
/** Of the thread of an asynchronous part. */
export type AsyncEvent = EventOf<'async_start' | 'async_done'>
export const isAsyncEvent = (e: TaskEvent): e is AsyncEvent => e.event === 'async_start' || e.event === 'async_done'
/** Of the thread that reads inputs and mail. */
export type ThreadEvent = Exclude<TaskEvent, AsyncEvent>
