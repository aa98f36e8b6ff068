/**
 * A slot for a checkpoint on its way. The coordinator owns the slots and hands them the events of their checkpoint; what a slot
 * does to the rest of the coordinator goes through `PendingHost`.
 */
import { cells, fields } from '../kernel/index.ts'
import {
  CHECKPOINT,
  type CompletedCheckpoint,
  compiled,
  type Mutation,
  OK,
  P,
  REASON,
  SAVEPOINT,
  SYNC_SAVEPOINT,
  UNKNOWN,
} from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { NO_TASK } from './checkpoint-failure-manager.ts'
import type { CheckpointPlan } from './checkpoint-plan.ts'
import { kindOf } from './checkpoint-request.ts'
import { pendingCheckpointChart } from './pending-checkpoint.chart.ts'

export interface PendingHost {
  phase(code: number): void
  vertexOfAttempt(attempt: number): number
  executionOfAttempt(attempt: number): number
  discard(file: number): void
  discardUnlessReferenced(file: number): void
  /** The files that were handed to `discard` since the last call are those of one checkpoint. @param quiet see CLEANED */
  cleaned(quiet: boolean): void
  writeEntry(entry: CompletedCheckpoint): void
  /** The savepoint is its user's from here on. */
  handOver(savepoint: CompletedCheckpoint): void
  readBack(checkpoint: number): void
  remember(entry: CompletedCheckpoint): void
  /** Lets the oldest completed checkpoints go. @returns the newest of them, 0: none had to */
  subsumeOldest(): number
  succeeded(slot: PendingCheckpoint): void
  /** @param blamed attempt of the task that has failed it, or NO_TASK */
  failed(slot: PendingCheckpoint, reason: number, blamed: number): void
  requestFailed(request: number, reason: number): void
  /** The trigger of a checkpoint that is still being initialised has failed with it. */
  abandonTrigger(reason: number): void
  /** The minimum pause counts from `sinceUs`, microseconds. */
  pauseFrom(sinceUs: number): void
  announce(slot: PendingCheckpoint): void
  announceToAny(checkpoint: number): void
  notifyAbort(slot: PendingCheckpoint): void
  expired(slot: PendingCheckpoint): void
  acknowledged(vertex: number, checkpoint: number): void
  dropOlder(checkpoint: number, event: ChartEvent): void
  /** Requests may have waited for what has just become free. @param hops see CoordinatorWiring */
  lookLater(hops: number): void
  closed(slot: PendingCheckpoint): void
  readonly now: number
  readonly epoch: number
}

/** What a slot is opened with. */
export interface Opening {
  readonly checkpoint: number
  readonly execution: number
  readonly request: number
  readonly plan: CheckpointPlan
  /** By source; filled while the checkpoint is initialised. */
  readonly enumerators: ReadonlyMap<number, readonly number[]>
}

export class PendingCheckpoint extends fields({
  st: 'int',
  id: 'int',
  execution: 'int',
  request: 'int',
  acknowledged: 'int',
  /** Why it ended, and the attempt that is to blame. */
  reason: 'int',
  blamed: 'int',
  /** The newest checkpoint that this one has subsumed in the store, 0: none. */
  subsumed: 'int',
  triggeredAt: 'time',
  /** Handle of the timeout. */
  timeout: 'int',
  /** File of each vertex + 1; 0: no acknowledgement yet. */
  files: cells('vertices'),
}) {
  enumerators: ReadonlyMap<number, readonly number[]> = new Map()
  entry: CompletedCheckpoint | null = null
  plan: CheckpointPlan = { toTrigger: [], toWaitFor: [] }
  readonly host: PendingHost
  readonly vertices: number
  readonly #chart: CompiledChart<PendingCheckpoint>
  readonly #storing: number
  readonly #resolving: number

  constructor(host: PendingHost, vertices: number, mutation: Mutation) {
    super({ vertices })
    this.host = host
    this.vertices = vertices
    this.#chart = compiled(pendingCheckpointChart, mutation)
    this.#storing = this.#chart.leaf.storing!
    this.#resolving = this.#chart.leaf.resolving!
  }
  clear(): void {
    this.st = this.#chart.initialLeaf
    this.id = 0
    this.entry = null
  }
  get free(): boolean {
    return this.st === this.#chart.initialLeaf
  }
  get writing(): boolean {
    return this.st === this.#storing || this.st === this.#resolving
  }
  /** Vertices that have not acknowledged. */
  get missing(): readonly number[] {
    return this.plan.toWaitFor.filter((vertex) => this.files.at(vertex) === 0)
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  send(code: number, event: ChartEvent): void {
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `checkpoint ${this.id}: ${pendingCheckpointChart.events[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  /** @param trigger what the request has become so far; its enumerators answer later */
  open(trigger: Opening, event: ChartEvent): void {
    this.id = trigger.checkpoint
    this.execution = trigger.execution
    this.request = trigger.request
    this.acknowledged = 0
    this.reason = 0
    this.blamed = NO_TASK
    this.subsumed = 0
    this.triggeredAt = this.host.now
    this.files.fill(0)
    this.plan = trigger.plan
    this.enumerators = trigger.enumerators
    this.entry = null
    this.send(pendingCheckpointChart.code.START, event)
  }
  /** Ends it, unless its entry is being written: what becomes of that is not ours to say any more. */
  abort(reason: number, event: ChartEvent): void {
    this.reason = reason
    this.send(pendingCheckpointChart.code.ABORT, event)
  }
  references(file: number): boolean {
    if (this.free) return false
    for (let i = 0; i < this.vertices; i += 1) if (this.files.at(i) === file + 1) return true
    return false
  }

  // guards; an acknowledgement has a: attempt, b: checkpoint, ref: file; an outcome has a: result
  foreign(e: ChartEvent): boolean {
    return (
      this.host.executionOfAttempt(e.a) !== this.execution ||
      !this.plan.toWaitFor.includes(this.host.vertexOfAttempt(e.a))
    )
  }
  duplicate(e: ChartEvent): boolean {
    return this.files.at(this.host.vertexOfAttempt(e.a)) !== 0
  }
  moreToCome(_e: ChartEvent): boolean {
    return this.acknowledged + 1 < this.plan.toWaitFor.length
  }
  savepoint(_e: ChartEvent): boolean {
    return kindOf(this.request) === SAVEPOINT
  }
  syncSavepoint(_e: ChartEvent): boolean {
    return kindOf(this.request) === SYNC_SAVEPOINT
  }
  known(e: ChartEvent): boolean {
    return this.references(e.ref)
  }
  stored(e: ChartEvent): boolean {
    return e.a === OK
  }
  outcomeUnknown(e: ChartEvent): boolean {
    return e.a === UNKNOWN
  }

  // actions
  recordAck(e: ChartEvent): void {
    const vertex = this.host.vertexOfAttempt(e.a)
    this.files.set(vertex, e.ref + 1)
    this.acknowledged += 1
    this.host.acknowledged(vertex, this.id)
  }
  writeMetadata(_e: ChartEvent): void {
    this.host.phase(P['fully-acked'])
    this.entry = this.#entryOf()
    this.host.writeEntry(this.entry)
  }
  handOver(_e: ChartEvent): void {
    this.host.phase(P['fully-acked'])
    this.host.handOver(this.#entryOf())
  }
  #entryOf(): CompletedCheckpoint {
    const files = Array.from({ length: this.vertices }, (_, vertex) => this.files.at(vertex) - 1)
    const kind = kindOf(this.request)
    return {
      id: this.id,
      ...(kind === CHECKPOINT ? {} : { kind }),
      epoch: this.host.epoch,
      execution: this.execution,
      triggeredAtUs: this.triggeredAt,
      files,
      enumerators: this.enumerators,
    }
  }
  readBack(_e: ChartEvent): void {
    this.host.readBack(this.id)
  }
  /** From here on it is not pending any more, whatever becomes of its entry. Flink: PendingCheckpoint.finalizeCheckpoint. */
  finalize(_e: ChartEvent): void {
    this.reason = REASON.FINALIZE_CHECKPOINT_FAILURE
    this.host.lookLater(2)
  }
  remember(_e: ChartEvent): void {
    this.host.phase(P['metadata-end'])
    this.host.remember(this.entry!)
  }
  subsumeOldest(_e: ChartEvent): void {
    this.subsumed = this.host.subsumeOldest()
  }
  succeed(_e: ChartEvent): void {
    this.host.succeeded(this)
  }
  /** Flink: the pause begins at the end of the last checkpoint that was completed (FLINK-5216: at its trigger). */
  startPause(_e: ChartEvent): void {
    this.host.pauseFrom(this.host.now)
  }
  dropOlder(e: ChartEvent): void {
    this.host.dropOlder(this.id, e)
  }
  announce(_e: ChartEvent): void {
    this.host.announce(this)
  }
  expire(_e: ChartEvent): void {
    this.reason = REASON.CHECKPOINT_EXPIRED
    this.host.phase(P.expired)
    this.host.expired(this)
  }
  blameTask(e: ChartEvent): void {
    this.reason = e.ref
    this.blamed = e.a
  }
  abandonTrigger(_e: ChartEvent): void {
    this.host.abandonTrigger(this.reason)
  }
  failRequest(_e: ChartEvent): void {
    this.host.requestFailed(this.request, this.reason)
  }
  discardAcknowledged(_e: ChartEvent): void {
    this.#discard(false)
  }
  /** The entry is certainly not in the store: its files are of no use. */
  discardUnstored(_e: ChartEvent): void {
    this.#discard(true)
  }
  #discard(quiet: boolean): void {
    for (let i = 0; i < this.vertices; i += 1) if (this.files.at(i) !== 0) this.host.discard(this.files.at(i) - 1)
    if (this.acknowledged > 0) this.host.cleaned(quiet)
    else this.host.lookLater(1)
  }
  discardLate(e: ChartEvent): void {
    this.host.discardUnlessReferenced(e.ref)
  }
  reportFailure(_e: ChartEvent): void {
    this.host.failed(this, this.reason, this.blamed)
  }
  noticeAbort(_e: ChartEvent): void {
    this.host.notifyAbort(this)
  }
  close(_e: ChartEvent): void {
    this.host.closed(this)
  }
}
