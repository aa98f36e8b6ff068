/**
 * The checkpoint coordinator of the real cluster, as ours: every line of its log is an event that ours is given, or what ours has
 * to say at one. Flink works under a lock, and so does the log: between the line that begins something (`expired 7`, the last
 * `ack_received 7`) and the one that ends it (`failed 7`, `completed 7`) no other of the coordinator's can come.
 */
import {
  C,
  CHECKPOINT,
  type CheckpointFailureReason,
  type CompletedCheckpoint,
  FAILED,
  FAILURE_REASON_NAMES,
  OK,
  REASON,
  SAVEPOINT,
  type SnapshotKind,
  SYNC_SAVEPOINT,
} from '../../model/index.ts'
import { aligned, BarrierCoordinator, type PendingCheckpoint } from '../../protocols/index.ts'
import { attemptId, type CoordinatorSays, TracedWiring } from './coordinator-wiring.ts'
import { A_TURN_MS, type Debts } from './debts.ts'
import { Inbox, type TaskMessage } from './inbox.ts'
import type { TracedLayout } from './infer-layout.ts'
import { failuresBefore, type TracedSettings } from './infer-settings.ts'
import { NotAllowed } from './not-allowed.ts'
import { ORIGINAL } from './original.ts'
import type { CoordinatorEvent, EventOf, MessageEvent, SourceEvent } from './trace-event.ts'
import type { TracedTask } from './traced-task.ts'
import { triggerReason } from './trigger-reasons.ts'

/** What the coordinator needs of the rest of the traced cluster. */
export interface CoordinatorSurroundings {
  readonly nowMs: number
  isDead(proc: string): boolean
  readonly debts: Debts
  readonly tasks: readonly TracedTask[]
  /** Number of the job's execution, from 1. */
  readonly execution: number
  /** False if a task has failed or is cancelled, or the job does not run: then checkpoints on their way are given up. */
  readonly undisturbed: boolean
  /** When a task was last heard to run. */
  readonly lastRunMs: number
}

/** A line that has to come before all others of the coordinator. */
interface Awaited {
  readonly event: 'failed' | 'completed'
  readonly checkpoint: number
  /** What the coordinator does then; absent: it has been done. */
  readonly work?: () => void
  /** Failures in a row that were counted before, if it has been done. */
  readonly before?: number
}
/** What the coordinator has reported, with the failures in a row before it. */
interface Failure {
  /** -1: it failed before it had an id. */
  readonly checkpoint: number
  readonly reason: number
  readonly before: number
}

const EPOCH = 1
/** Expired checkpoints that are remembered. Flink: NUM_GHOST_CHECKPOINT_IDS. */
const REMEMBERED = 16
/** Savepoints may come on top of what settings allow. */
const MORE_SLOTS = 8

export class TracedCoordinator implements CoordinatorSays {
  readonly inbox = new Inbox()
  readonly wiring: TracedWiring
  /** True if too many checkpoints have failed, and the job has not been restarted for it. */
  failsTheJob = false
  readonly #coordinator: BarrierCoordinator
  readonly #layout: TracedLayout
  readonly #surroundings: CoordinatorSurroundings
  readonly #awaited: Awaited[] = []
  #failures: Failure[] = []
  /** What is restored: 0 for nothing. */
  #basis = 0
  #draws = false
  #lastId = 0
  #files = 0
  readonly #triggeredAt = new Map<number, number>()
  #expired: readonly number[] = []

  constructor(layout: TracedLayout, settings: TracedSettings, surroundings: CoordinatorSurroundings) {
    this.#layout = layout
    this.#surroundings = surroundings
    const { tasks } = surroundings
    this.wiring = new TracedWiring(
      layout.layout,
      settings,
      {
        get nowMs() {
          return surroundings.nowMs
        },
        get execution() {
          return surroundings.execution
        },
        stateOf: (task) => tasks[task]!.state,
        attemptOf: (task) => tasks[task]!.attempt,
        trigger: (task, checkpoint, operand) => tasks[task]!.trigger(checkpoint, operand),
        notify: (task, kind, checkpoint, other) => {
          const { nowMs: sentMs } = surroundings
          if (tasks[task]!.alive) tasks[task]!.notices.post({ kind, checkpoint, other, sentMs })
        },
      },
      this,
    )
    this.#coordinator = new BarrierCoordinator(this.wiring, aligned, ORIGINAL, {
      unaligned: settings.mode === 'unaligned' || settings.mode === 'aligned-timeout',
      slots: settings.maxConcurrentCheckpoints + MORE_SLOTS,
    })
    this.send(C.START)
  }
  send(code: number, a = 0, b = 0, ref = 0): void {
    this.#coordinator.receive(code, { a, b, ref })
    this.wiring.settle()
  }

  // restarts
  /** The job begins. @param restored checkpoint that lies in the store, 0: none */
  load(restored: number): void {
    if (restored > 0) this.wiring.remember([storedBefore(restored)])
    this.#lastId = restored
    this.send(C.LOAD, EPOCH)
  }
  /** Why the job cannot be restored now; null if it can. */
  restoreProblem(): string | null {
    const [awaited] = this.#awaited
    if (awaited !== undefined) return `${awaited.event} ${awaited.checkpoint} of the coordinator comes first`
    const [first] = this.#coordinator.pendingInOrder()
    return first === undefined ? null : `checkpoint ${first.id} is on its way: a restart gives it up first`
  }
  /** The checkpoint that it restores; 0: none. */
  restore(): number {
    this.send(C.RESTORE)
    return this.#basis
  }
  triggerTimestamp(checkpoint: number): number | undefined {
    return this.#triggeredAt.get(checkpoint)
  }

  // messages of tasks
  acknowledge(task: TracedTask, checkpoint: number): void {
    this.#post(task, { kind: 'ack', task: task.index, attempt: task.attempt, checkpoint })
  }
  decline(task: TracedTask, checkpoint: number, reason: CheckpointFailureReason): void {
    this.#post(task, { kind: 'decline', task: task.index, attempt: task.attempt, checkpoint, reason })
  }
  #post({ name, proc }: TracedTask, message: TaskMessage): void {
    const { kind, checkpoint } = message
    const { debts, nowMs } = this.#surroundings
    this.inbox.post(message)
    const what = kind === 'ack' ? 'the acknowledgement' : 'the decline'
    debts.owe(
      `${what} of checkpoint ${checkpoint} by ${name} has never arrived`,
      nowMs,
      () =>
        !this.inbox.has(message) ||
        this.#surroundings.isDead(proc) ||
        (kind === 'decline' && !this.#matters(checkpoint)),
    )
  }
  /** Of a decline that nobody waits for no line tells, unless the checkpoint has expired. */
  #matters(checkpoint: number): boolean {
    return this.#pending(checkpoint) !== undefined || this.#hasExpired(checkpoint)
  }

  // lines of the coordinator
  /** Why this line cannot come now; null if it can. */
  refuses(e: CoordinatorEvent): string | null {
    const [awaited] = this.#awaited
    const n = e.event === 'trigger_failed' ? 0 : e.checkpoint
    if (awaited !== undefined)
      return awaited.checkpoint === n && (awaited.event === e.event || this.#failsToStore(e))
        ? null
        : `the coordinator is at ${awaited.event} ${awaited.checkpoint}, and does nothing else before`
    switch (e.event) {
      case 'trigger':
        return this.#triggerProblem(e)
      case 'trigger_failed':
        return this.#triggerFailedProblem(e)
      case 'expired':
        return this.#pending(n) === undefined ? notOnItsWay(n) : null
      case 'failed':
        return this.#pending(n) === undefined ? notOnItsWay(n) : this.#cause(n) === null ? nothingFails(n) : null
      case 'completed':
        return this.#completedProblem(n)
      default:
        return this.#messageProblem(e)
    }
  }
  /** The store may refuse what is complete. */
  #failsToStore({ event }: CoordinatorEvent): boolean {
    return event === 'failed' && this.#coordinator.writing
  }
  /** The checkpoints on their way, in the order of their triggers. */
  get openCheckpoints(): readonly number[] {
    return this.#coordinator.pendingInOrder().map(({ id }) => id)
  }
  #pending(checkpoint: number): PendingCheckpoint | undefined {
    return this.#coordinator.pendingInOrder().find(({ id }) => id === checkpoint)
  }
  #hasExpired(checkpoint: number): boolean {
    return this.#expired.includes(checkpoint)
  }
  #triggerProblem({ checkpoint, detail }: EventOf<'trigger'>): string | null {
    const { pendingCheckpoints, maxConcurrentCheckpoints, isTriggering } = this.#coordinator
    const idle = this.#idleTasks()
    if (isTriggering) return `checkpoint ${this.#lastId} is still being triggered`
    if (idle.length > 0)
      return `a checkpoint needs all tasks, but ${idle.join(', ')} ${idle.length > 1 ? 'do' : 'does'} not run`
    if (pendingCheckpoints >= maxConcurrentCheckpoints && kindOf(detail.type) === CHECKPOINT)
      return `${pendingCheckpoints} of ${maxConcurrentCheckpoints} checkpoints at once are on their way`
    return checkpoint === this.#lastId + 1 ? null : `the next checkpoint is ${this.#lastId + 1}`
  }
  #idleTasks(): readonly string[] {
    const { tasks } = this.#surroundings
    return tasks.filter(({ state }) => state !== 'RUNNING' && state !== 'FINISHED').map(({ name }) => name)
  }
  #triggerFailedProblem({ detail }: EventOf<'trigger_failed'>): string | null {
    const reason = triggerReason(detail)
    if (reason === null) return 'it gives a reason that no request comes to nothing for'
    return reason === 'NOT_ALL_REQUIRED_TASKS_RUNNING' && this.#allRun() && !this.#haveJustBegun()
      ? 'all tasks run'
      : null
  }
  #allRun(): boolean {
    return this.#idleTasks().length === 0
  }
  /** The plan was made in another thread than the one that writes the line, and before it. */
  #haveJustBegun(): boolean {
    const { nowMs, lastRunMs } = this.#surroundings
    return nowMs - lastRunMs < A_TURN_MS
  }
  #completedProblem(checkpoint: number): string | null {
    const missing = this.#pending(checkpoint)?.missing.map((task) => this.#layout.names[task])
    return missing === undefined
      ? notOnItsWay(checkpoint)
      : `checkpoint ${checkpoint} lacks the acknowledgements of ${missing.join(', ')}`
  }
  #messageProblem({ event, checkpoint, detail }: EventOf<MessageEvent>): string | null {
    const task = this.#taskNamed(detail.from)
    if (task === undefined) return `there is no task ${detail.from}`
    const ack = isAck(event)
    const key = { kind: ack ? 'ack' : 'decline', task: task.index, attempt: detail.attempt, checkpoint } as const
    const current = task.attempt === detail.attempt
    const onItsWay =
      this.inbox.find(key) !== undefined ||
      (current &&
        (ack
          ? task.asyncs.mayComplete(checkpoint)
          : task.asyncs.mayEnd(checkpoint) || task.isBeingTriggered(checkpoint)))
    if (!onItsWay)
      return `no ${ack ? 'acknowledgement' : 'decline'} of checkpoint ${checkpoint} by attempt ${detail.attempt} of ${task.name} is on its way`
    if (event === 'declined' && this.#pending(checkpoint) === undefined) return notOnItsWay(checkpoint)
    if (event === 'late_decline' && !this.#hasExpired(checkpoint)) return `checkpoint ${checkpoint} has not expired`
    return null
  }
  #taskNamed(name: string): TracedTask | undefined {
    const index = this.#layout.indexOf.get(name)
    return index === undefined ? undefined : this.#surroundings.tasks[index]
  }
  /** Why a checkpoint fails of which no line has said so before; null if nothing is the matter. */
  #cause(checkpoint: number): (() => void) | null {
    if (this.#pending(checkpoint)?.writing === true) return () => this.send(C.STORED, FAILED, checkpoint)
    if (!this.#surroundings.undisturbed) return () => this.send(C.ABORT, REASON.JOB_FAILOVER_REGION)
    const untold = this.#surroundings.tasks.some((task) => task.isBeingTriggered(checkpoint))
    return untold ? () => this.send(C.RPC_FAILED, 0, checkpoint) : null
  }

  /** The line has come, and {@link refuses} has let it through. @throws NotAllowed if our coordinator does something else */
  take(e: CoordinatorEvent): void {
    this.#failures = []
    const awaited = this.#awaited.shift()
    switch (e.event) {
      case 'trigger':
        this.#trigger(e)
        break
      case 'trigger_failed':
        this.#triggerFails(e)
        break
      case 'expired':
        this.#expired = [...this.#expired, e.checkpoint].slice(-REMEMBERED)
        this.#await('failed', e.checkpoint, () => this.send(C.EXPIRE, 0, e.checkpoint))
        break
      case 'failed':
        this.#fail(e, awaited)
        break
      case 'completed':
        awaited?.work?.()
        this.#awaitFailures()
        for (const source of this.wiring.sources) this.#oweBy(source, 'coord_notify_complete', e.checkpoint)
        break
      case 'declined':
        this.#decline(e)
        break
      case 'late_decline':
        this.inbox.take(this.#messageOf(e))
        break
      default:
        this.#acknowledge(e)
    }
  }
  #await(event: Awaited['event'], checkpoint: number, work?: () => void): void {
    this.#awaited.push(work === undefined ? { event, checkpoint } : { event, checkpoint, work })
  }
  /** Of checkpoints that have ended on the way the lines follow. */
  #awaitFailures(): void {
    for (const { checkpoint, before } of this.#failures) this.#awaited.push({ event: 'failed', checkpoint, before })
  }
  #oweBy(source: TracedWiring['sources'][number], event: SourceEvent['event'], checkpoint: number): void {
    const { debts, nowMs } = this.#surroundings
    debts.owe(
      `the coordinator of a source has never come to ${event} ${checkpoint}`,
      nowMs,
      () => !source.owes(event, checkpoint),
    )
  }
  #trigger({ checkpoint, detail }: EventOf<'trigger'>): void {
    this.#draws = false
    this.#request(kindOf(detail.type))
    if (!this.#draws) throw new NotAllowed(`no checkpoint begins here${this.#reasons()}`)
    this.#lastId = checkpoint
    this.#triggeredAt.set(checkpoint, detail.trigger_timestamp)
    this.send(C.ID, checkpoint)
    if (this.#pending(checkpoint) === undefined)
      throw new NotAllowed(`checkpoint ${checkpoint} comes to nothing${this.#reasons()}`)
    for (const source of this.wiring.sources) this.#oweBy(source, 'coord_snapshot', checkpoint)
  }
  /** Real clusters begin the schedule with the first task that runs, not with the last: no line tells of it. */
  #request(kind: SnapshotKind): void {
    if (!this.#coordinator.scheduled) this.send(C.SCHEDULE, this.#surroundings.execution)
    if (kind === CHECKPOINT) this.send(C.TICK)
    else this.send(C.REQUEST, kind, 0, 0)
  }
  #triggerFails({ detail }: EventOf<'trigger_failed'>): void {
    const reason = triggerReason(detail)
    if (reason === 'NOT_ALL_REQUIRED_TASKS_RUNNING' && this.#allRun()) return
    this.#draws = false
    this.#request(CHECKPOINT)
    if (this.#draws) this.send(C.ID, 0)
    if (this.#failures.some(({ reason: own }) => FAILURE_REASON_NAMES[own] === reason)) return
    throw new NotAllowed(`a request comes to nothing for another reason${this.#reasons()}`)
  }
  #reasons(): string {
    const reasons = this.#failures.map(({ reason }) => FAILURE_REASON_NAMES[reason])
    return reasons.length === 0 ? '' : ` (${reasons.join(', ')})`
  }
  #fail({ checkpoint, detail }: EventOf<'failed'>, awaited: Awaited | undefined): void {
    if (awaited?.event === 'failed') awaited.work?.()
    else this.#cause(checkpoint)!()
    const own = this.#failures.find((failure) => failure.checkpoint === checkpoint)
    this.#failures = this.#failures.filter((failure) => failure !== own)
    const before = own?.before ?? awaited?.before
    this.#awaitFailures()
    if (!new RegExp(`checkpoint ${checkpoint} `).test(detail))
      throw new NotAllowed(`it is about checkpoint ${checkpoint}, but speaks of another`)
    const said = failuresBefore(detail)
    if (said !== before) throw new NotAllowed(`${before} failures in a row were counted before it, not ${said}`)
  }
  /** The message that a line tells of, which may have been sent without one. */
  #messageOf({ event, checkpoint, detail }: EventOf<MessageEvent>): TaskMessage {
    const task = this.#taskNamed(detail.from)!
    const kind = isAck(event) ? 'ack' : 'decline'
    const key = { kind, task: task.index, attempt: detail.attempt, checkpoint } as const
    const sent = this.inbox.find(key)
    if (sent !== undefined) return sent
    if (kind === 'ack') task.asyncs.settle(checkpoint)
    else if (task.asyncs.mayEnd(checkpoint)) task.asyncs.fail(checkpoint)
    else {
      task.dropTrigger(checkpoint)
      this.decline(task, checkpoint, 'CHECKPOINT_DECLINED_TASK_NOT_READY')
    }
    const message = this.inbox.find(key)
    if (message === undefined)
      throw new NotAllowed(`the asynchronous part of checkpoint ${checkpoint} was cancelled in ${task.name}`)
    return message
  }
  #attemptOf({ task, attempt }: TaskMessage): number {
    return attemptId(task, attempt, this.#layout.names.length)
  }
  #acknowledge(e: EventOf<'ack_received' | 'late_ack_expired' | 'ack_unknown'>): void {
    const message = this.#messageOf(e)
    const { task, checkpoint } = message
    this.inbox.take(message)
    const before = this.#pending(checkpoint)?.missing.includes(task)
    this.#files += 1
    this.send(C.ACK, this.#attemptOf(message), checkpoint, this.#files)
    const counted = before === true && this.#pending(checkpoint)?.missing.includes(task) !== true
    const late = before === undefined && this.#coordinator.answer === 1
    const event = counted ? 'ack_received' : late ? 'late_ack_expired' : 'ack_unknown'
    if (event !== e.event) throw new NotAllowed(`that acknowledgement is ${event} here`)
    const after = this.#pending(checkpoint)
    if (after?.writing === true) this.#await('completed', checkpoint, () => this.send(C.STORED, OK, checkpoint))
    else if (counted && after === undefined) this.#await('completed', checkpoint) // a savepoint is not stored
  }
  #decline(e: EventOf<'declined'>): void {
    const message = this.#messageOf(e)
    this.inbox.take(message)
    const { checkpoint, reason = 'CHECKPOINT_DECLINED' } = message
    this.#await('failed', checkpoint, () => this.send(C.DECLINE, this.#attemptOf(message), checkpoint, REASON[reason]))
  }

  // lines of the coordinators of sources
  refusesSource(e: SourceEvent): string | null {
    if (this.wiring.sources.some((source) => source.does(e))) return null
    return `no coordinator of a source comes to ${e.event} ${e.checkpoint} next`
  }
  takeSource(e: SourceEvent): void {
    const source = this.wiring.sources.find((candidate) => candidate.does(e))!
    source.done()
    if (e.event === 'coord_snapshot') this.send(C.SNAPSHOTTED, source.source, e.checkpoint)
  }

  // what our coordinator says
  drawsId(): void {
    this.#draws = true
  }
  basis(checkpoint: number): void {
    this.#basis = checkpoint
  }
  failsJob(): void {
    this.failsTheJob = true
  }
  failed(checkpoint: number, reason: number): void {
    this.#failures.push({ checkpoint, reason, before: this.#coordinator.failures.continuous })
    if (checkpoint > 0)
      for (const source of this.wiring.sources) this.#oweBy(source, 'coord_notify_aborted', checkpoint)
  }

  /** What may come next of it, for people. */
  allowed(): readonly string[] {
    const [awaited] = this.#awaited
    if (awaited !== undefined) return [`${awaited.event} ${awaited.checkpoint}`]
    const { names } = this.#layout
    const next = { checkpoint: this.#lastId + 1, detail: { type: 'Checkpoint' } } as EventOf<'trigger'>
    const pending = this.#coordinator.pendingInOrder()
    return [
      ...(this.#triggerProblem(next) === null ? [`trigger ${next.checkpoint}`] : []),
      ...(this.#idleTasks().length > 0 ? ['trigger_failed'] : []),
      ...pending.map(({ id }) => `expired ${id}`),
      ...pending.filter(({ id }) => this.#cause(id) !== null).map(({ id }) => `failed ${id}`),
      ...this.inbox.messages.map(({ kind, task, checkpoint }) => `${kind} ${checkpoint} from ${names[task]}`),
      ...this.wiring.sources.flatMap((source) => source.allowed()),
    ]
  }
  /** The states of its machines. */
  states(): Readonly<Record<string, string>> {
    const missing = this.#coordinator
      .pendingInOrder()
      .filter((slot) => slot.missing.length > 0)
      .map((slot) => [
        `checkpoint ${slot.id} waits for`,
        slot.missing.map((task) => this.#layout.names[task]).join(', '),
      ])
    return { ...this.#coordinator.describe(), ...Object.fromEntries(missing) }
  }
}

const isAck = (event: MessageEvent): boolean => event !== 'declined' && event !== 'late_decline'
const notOnItsWay = (checkpoint: number): string => `checkpoint ${checkpoint} is not on its way`
const nothingFails = (checkpoint: number): string => `nothing has happened that would fail checkpoint ${checkpoint}`

/** Flink: the names of SnapshotType. */
const kindOf = (type: string): SnapshotKind =>
  !type.includes('Savepoint') ? CHECKPOINT : /Terminate|Suspend/.test(type) ? SYNC_SAVEPOINT : SAVEPOINT

/** A checkpoint of which the trace knows nothing but that the job begins with it. */
const storedBefore = (id: number): CompletedCheckpoint => ({
  id,
  epoch: EPOCH,
  execution: 0,
  triggeredAtUs: 0,
  files: [],
  enumerators: new Map(),
})
