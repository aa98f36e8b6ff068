/**
 * Feeds a trace of a real cluster to our machines: each of its events must be one that they allow where they stand.
 *
 * ```
 *   coordinator ── trigger, notices ──> tasks ── barriers ──> tasks          every message waits until a line tells
 *       ^─────────── acknowledgements, declines ───┘                         that it was received
 * ```
 *
 * A trace is coarser than our charts, and has no order within a millisecond but for the lines of one process. Both are easy for
 * machines that only send messages: what one receives does not depend on when the others take their steps, so that of the
 * lines of one millisecond any that is allowed may go first, and one that is not yet allowed waits for the others; if none is left
 * that is allowed, the first of them is refused. Lines of tasks go before those of the job manager, which says of a task that
 * it has ended, and those of the driver, who kills it: nothing comes of the task behind them. Steps of which no line tells (an acknowledgement that is received before its
 * sender has written that it is sent, a cancellation that comes to nothing, a timeout of an alignment) are taken when a line
 * needs them, and only then.
 *
 * What a trace does not say (settings, who is wired to whom) is inferred from it: it is accepted if there is a job that our
 * machines would let behave like this.
 */
import { extent, lease, release, wipe } from '../../kernel/index.ts'
import type { CheckpointFailureReason } from '../../model/index.ts'
import { BarrierChannel, type Control } from './barrier-channel.ts'
import { Debts } from './debts.ts'
import { Driver } from './driver.ts'
import { inferLayout, type TracedLayout } from './infer-layout.ts'
import { type CheckpointMode, inferSettings, type TracedSettings } from './infer-settings.ts'
import { NotAllowed } from './not-allowed.ts'
import {
  isCoordinatorEvent,
  isDriverEvent,
  isJobEvent,
  isSourceEvent,
  type TaskEvent,
  type TraceEvent,
} from './trace-event.ts'
import { TracedCoordinator } from './traced-coordinator.ts'
import { TracedJob } from './traced-job.ts'
import { type TaskSurroundings, TracedTask } from './traced-task.ts'

/** How a trace came out. */
export interface TraceReport {
  readonly accepted: boolean
  /** Events of the trace, and those that were accepted. */
  readonly events: number
  readonly steps: number
  readonly settings: TracedSettings
  /** Tasks by vertex, in the order in which they are wired. */
  readonly vertices: Readonly<Record<string, number>>
  readonly refusal?: TraceRefusal
  /** Where the machines stand behind the last line, if all were accepted: a recording may stop at any time. */
  readonly ends?: TraceEnd
}
/** What a trace leaves open. */
export interface TraceEnd {
  /** Flink: JobStatus. */
  readonly job: string
  /** True if the job has ended; else the trace is only the beginning of what it did. */
  readonly over: boolean
  /** Checkpoints that are on their way, in the order of their triggers; none of a job that has ended. */
  readonly openCheckpoints: readonly number[]
}
/** The first event that the machines do not allow. */
export interface TraceRefusal {
  /** Number of its line, from 1. */
  readonly line: number
  /** Its fields, as they were read. */
  readonly event: Readonly<Record<string, unknown>>
  /** Why it is not allowed. */
  readonly problem: string
  /** The leaves of the charts that are concerned. */
  readonly states: Readonly<Record<string, string>>
  /** What could have come instead from the same side. */
  readonly allowed: readonly string[]
  /** True if the trace lacks its head: no task had an attempt yet, and the event is none of the start of a job. */
  readonly beforeStart: boolean
}

/** @param events at least one */
export function conformTrace(events: readonly TraceEvent[]): TraceReport {
  const start = extent()
  try {
    return new TracedCluster(events).judge()
  } finally {
    const own = lease(start)
    wipe(own)
    release(own)
  }
}

class TracedCluster implements TaskSurroundings {
  nowMs = 0
  readonly debts = new Debts()
  readonly tasks: readonly TracedTask[]
  readonly coordinator: TracedCoordinator
  readonly mode: CheckpointMode
  readonly rememberedAborts: number
  readonly #events: readonly TraceEvent[]
  readonly #layout: TracedLayout
  readonly #settings: TracedSettings
  readonly #channels: readonly BarrierChannel[]
  readonly #job: TracedJob
  readonly #driver: Driver
  /** Asynchronous parts of which a line shows that they came to their end. */
  readonly #ended: ReadonlySet<string>

  constructor(events: readonly TraceEvent[]) {
    this.#events = events
    this.#layout = inferLayout(events)
    const { layout, names, inputNames } = this.#layout
    const sources = layout.vertices.filter(({ kind }) => kind === 'source').map(({ id }) => names[id]!)
    this.#settings = inferSettings(events, new Set(sources))
    this.mode = this.#settings.mode
    this.rememberedAborts = this.#settings.maxConcurrentCheckpoints
    this.#ended = endedParts(events)
    this.#channels = layout.channels.map(() => new BarrierChannel())
    this.tasks = layout.vertices.map(({ id, inputs }) => {
      const channels = inputs.map((input) => this.#channels[input]!)
      return new TracedTask(id, names[id]!, inputNames[id]!, channels, this)
    })
    this.coordinator = new TracedCoordinator(this.#layout, this.#settings, this)
    this.#job = new TracedJob(this.#layout, this)
    this.#driver = new Driver(() => this.#job.execution)
  }
  get execution(): number {
    return this.#job.execution
  }
  get undisturbed(): boolean {
    return this.#job.undisturbed
  }
  get lastRunMs(): number {
    return this.#job.lastRunMs
  }

  judge(): TraceReport {
    const events = this.#events
    let steps = 0
    let refused: { readonly event: TraceEvent; readonly problem: string } | null = null
    for (let from = 0; from < events.length && refused === null; ) {
      const { t_ms } = events[from]!
      let to = from
      while (to < events.length && events[to]!.t_ms === t_ms) to += 1
      refused = this.#moment(events.slice(from, to), () => {
        steps += 1
      })
      from = to
    }
    const vertices: Record<string, number> = {}
    for (const { uid, parallelism } of this.#layout.layout.vertices) vertices[uid] = parallelism
    const report = { events: events.length, steps, settings: this.#settings, vertices }
    if (refused === null) return { accepted: true, ...report, ends: this.#end() }
    const beforeStart = this.tasks.every(({ attempt }) => attempt < 0) && !isOfStart(refused.event)
    return { accepted: false, ...report, refusal: { ...this.#refusal(refused.event, refused.problem), beforeStart } }
  }
  #end(): TraceEnd {
    const { status } = this.#job
    const over = ENDED.has(status)
    return { job: status, over, openCheckpoints: over ? [] : this.coordinator.openCheckpoints }
  }
  /** All lines of one millisecond, each process's in their order; those of different processes as they allow one another. */
  #moment(
    events: readonly TraceEvent[],
    done: () => void,
  ): { readonly event: TraceEvent; readonly problem: string } | null {
    const [first] = events
    if (first!.t_ms < this.nowMs)
      return { event: first!, problem: 'it is earlier than the line before it: lines go by their times' }
    this.nowMs = first!.t_ms
    try {
      this.debts.check(this.nowMs)
    } catch (error) {
      return { event: first!, problem: problemOf(error) }
    }
    for (const task of this.tasks) {
      const problem = task.overdueMail()
      if (problem !== null) return { event: first!, problem }
    }
    const lanes = new Map<string, TraceEvent[]>()
    for (const e of events) {
      const lane = lanes.get(e.proc)
      if (lane === undefined) lanes.set(e.proc, [e])
      else lane.push(e)
    }
    for (let left = events.length; left > 0; left -= 1) {
      const heads = [...lanes.values()].flatMap((lane) => lane.slice(0, 1)).sort((a, b) => a.line - b.line)
      const inTurn = heads.toSorted((a, b) => turnOf(a) - turnOf(b))
      const next = inTurn.find((e) => this.#refuses(e) === null)
      if (next === undefined) {
        // a message may be missing only because its sender has got stuck
        const event = heads.find((head) => !RECEIVED.has(head.event)) ?? heads[0]!
        return { event, problem: this.#refuses(event)! }
      }
      try {
        this.#take(next)
      } catch (error) {
        return { event: next, problem: problemOf(error) }
      }
      lanes.get(next.proc)!.shift()
      done()
    }
    return null
  }

  #refuses(e: TraceEvent): string | null {
    if (isDriverEvent(e)) return this.#driver.refuses(e)
    if (e.proc === '') return `${e.event} does not say which process has written it`
    if (isJobEvent(e) || isCoordinatorEvent(e) || isSourceEvent(e)) {
      if (e.who !== JOB_MANAGER || e.proc !== JOB_MANAGER)
        return `${e.event} is the job manager's to say, not ${e.who}'s`
      if (isJobEvent(e)) return this.#job.refuses(e)
      return isSourceEvent(e) ? this.coordinator.refusesSource(e) : this.coordinator.refuses(e)
    }
    const task = this.#task(e)
    if (task === undefined) return `there is no task ${e.who}`
    return this.isDead(e.proc) ? `${e.proc} has been killed` : task.refuses(e)
  }
  #take(e: TraceEvent): void {
    if (isDriverEvent(e)) this.#driver.take(e)
    else if (isJobEvent(e)) this.#job.take(e)
    else if (isSourceEvent(e)) this.coordinator.takeSource(e)
    else if (isCoordinatorEvent(e)) this.coordinator.take(e)
    else this.#task(e)!.take(e)
  }
  #task(e: TaskEvent): TracedTask | undefined {
    const index = this.#layout.indexOf.get(e.who)
    return index === undefined ? undefined : this.tasks[index]
  }
  /** The event, and the side of the cluster that it comes from. */
  #refusal({ line, ...event }: TraceEvent, problem: string): Omit<TraceRefusal, 'beforeStart'> {
    const e = { line, ...event } as TraceEvent
    if (isDriverEvent(e)) return { line, event, problem, states: this.#job.states(), allowed: this.#driver.allowed() }
    if (isJobEvent(e))
      return {
        line,
        event,
        problem,
        states: { ...this.#job.states(), ...this.coordinator.states() },
        allowed: this.#job.allowed(),
      }
    const task = isCoordinatorEvent(e) || isSourceEvent(e) ? undefined : this.#task(e)
    if (task !== undefined)
      return {
        line,
        event,
        problem,
        states: { ...task.states(), ...this.coordinator.states() },
        allowed: task.allowed(),
      }
    return { line, event, problem, states: this.coordinator.states(), allowed: this.coordinator.allowed() }
  }

  // what tasks ask of their surroundings
  sendControl({ index }: TracedTask, control: Control): void {
    for (const output of this.#layout.layout.vertices[index]!.outputs) this.#channels[output]!.send(control)
  }
  acknowledge(task: TracedTask, checkpoint: number): void {
    this.coordinator.acknowledge(task, checkpoint)
  }
  decline(task: TracedTask, checkpoint: number, reason: CheckpointFailureReason): void {
    this.coordinator.decline(task, checkpoint, reason)
  }
  triggerTimestamp(checkpoint: number): number | undefined {
    return this.coordinator.triggerTimestamp(checkpoint)
  }
  endsInTrace({ name, attempt }: TracedTask, checkpoint: number): boolean {
    return this.#ended.has(partKey(name, attempt, checkpoint))
  }
  isDead(proc: string): boolean {
    return this.#driver.hasKilled(proc)
  }
}

const JOB_MANAGER = 'jm'
/** Flink: JobStatus, those that are globally terminal. */
const ENDED: ReadonlySet<string> = new Set(['CANCELED', 'FAILED', 'FINISHED'])
/** Whether a job that has not run yet may write such a line, be it at the right place or not. */
function isOfStart(e: TraceEvent): boolean {
  if (e.event === 'task_state') return e.detail.from === 'CREATED' && e.detail.attempt === 0
  return e.event === 'job_state' ? e.detail.from === 'CREATED' : e.event === 'restore' || e.event === 'restore_none'
}
/** Which lines of a millisecond go first, if several are allowed. */
const turnOf = (e: TraceEvent): number => (isDriverEvent(e) ? 2 : e.proc === JOB_MANAGER ? 1 : 0)
/** Lines that tell of a message from another process. */
const RECEIVED: ReadonlySet<string> = new Set([
  'barrier',
  'cancel_barrier',
  'checkpoint_start',
  'notify_complete_recv',
  'notify_aborted',
  'ack_received',
  'late_ack_expired',
  'ack_unknown',
  'declined',
  'late_decline',
])

/** @throws what is no refusal: a defect of the acceptor or of a machine */
function problemOf(error: unknown): string {
  if (error instanceof NotAllowed) return error.message
  throw error
}

const partKey = (task: string, attempt: number, checkpoint: number): string => `${task} ${attempt} ${checkpoint}`

function endedParts(events: readonly TraceEvent[]): ReadonlySet<string> {
  const ended = new Set<string>()
  for (const e of events) {
    if (e.event === 'async_done') ended.add(partKey(e.who, e.attempt, e.checkpoint))
    else if (e.event === 'ack_received' || e.event === 'late_ack_expired' || e.event === 'ack_unknown')
      ended.add(partKey(e.detail.from, e.detail.attempt, e.checkpoint))
  }
  return ended
}
