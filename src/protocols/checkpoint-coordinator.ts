/**
 * The checkpoint coordinator: schedules checkpoints, collects acknowledgements, makes completed ones durable, subsumes older
 * ones, and answers what to restore from. Flink: CheckpointCoordinator; what real Flink does at each of these steps is replayed
 * by the vectors of `coordinator` (properties/conformance).
 *
 * ```
 *   TICK, REQUEST -> queue -> plan -> id drawn (durable) -> pending slot opens -> enumerators snapshot -> triggers go out
 *   last acknowledgement -> entry written to the store -> outcome known -> subsumes, announces -> entries removed, then their files
 * ```
 *
 * Only one request at a time is on its way to its trigger; the others wait in the queue. Whoever may have changed what they
 * wait for (a slot has become free, files are deleted) sees to it that the queue is looked at again. In Flink that look, and the
 * steps of a trigger, are handed from thread to thread; `later` says through how many, because what they overtake there shows
 * in which periodic requests the minimum pause drops.
 */
import { cells, fields, type KernelEvent, mix2, site } from '../kernel/index.ts'
import {
  C,
  CHECKPOINT,
  type CheckpointCoordinator,
  type CompletedCheckpoint,
  type CoordinatorWiring,
  compiled,
  E,
  J,
  MAX_CONCURRENT_CHECKPOINTS,
  MAX_SAVEPOINTS,
  type Mutation,
  N,
  NOBODY,
  P,
  type Protocol,
  REASON,
  S,
  type Shape,
  type SnapshotKind,
  shapesOf,
  T,
  triggerOperand,
  V,
} from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { checkpointCoordinatorChart } from './checkpoint-coordinator.chart.ts'
import { CheckpointFailureManager, FAIL_TASK, NO_ID, NO_TASK, TOLERATED } from './checkpoint-failure-manager.ts'
import { type CheckpointPlan, CheckpointPlanCalculator } from './checkpoint-plan.ts'
import { checkpointRequest, isPeriodic, kindOf, requesterOf } from './checkpoint-request.ts'
import { CheckpointRequestDecider, type DeciderView, POSTPONE, WAIT } from './checkpoint-request-decider.ts'
import { CheckpointSchedule } from './checkpoint-schedule.ts'
import { checkpointTriggerChart } from './checkpoint-trigger.chart.ts'
import { CheckpointTrigger, NO_REASON, type TriggerHost } from './checkpoint-trigger.ts'
import { CompletedCheckpointQueue } from './completed-checkpoint-queue.ts'
import { pendingCheckpointChart } from './pending-checkpoint.chart.ts'
import { PendingCheckpoint, type PendingHost } from './pending-checkpoint.ts'

/** Expired checkpoints that are remembered. Flink: NUM_GHOST_CHECKPOINT_IDS. */
const REMEMBERED = 16
const NEVER = Number.POSITIVE_INFINITY
const { ID, SNAPSHOTTED, INITIALIZED, FAILED } = checkpointTriggerChart.code
const { TRIGGERED, ACK, DECLINE, EXPIRE, STORED, RESOLVED } = pendingCheckpointChart.code
const PERIODIC = checkpointRequest(CHECKPOINT, true, NOBODY)
type Entries = readonly CompletedCheckpoint[]

/** What a job chooses besides the times of its plan. */
export interface CoordinatorOptions {
  /** Whether barriers may overtake what is in the channels. */
  readonly unaligned: boolean
  /** Whether there are checkpoints when some tasks have finished. */
  readonly afterTasksFinish: boolean
  /** The interval while a source works off a backlog, microseconds; Infinity: none comes meanwhile. */
  readonly intervalDuringBacklogUs: number
  /** Slots for checkpoints on their way: as many as there can be at once. */
  readonly slots: number
  /** Whether any task may begin a checkpoint by itself: some drawn ones are triggered besides those that have to be. */
  readonly anyTaskInitiates: boolean
}
const OPTIONS: CoordinatorOptions = {
  unaligned: false,
  afterTasksFinish: true,
  intervalDuringBacklogUs: NEVER,
  slots: MAX_CONCURRENT_CHECKPOINTS + MAX_SAVEPOINTS,
  anyTaskInitiates: false,
}
const INITIATES = site('task begins a checkpoint by itself')
/** One task in so many. */
const INITIATOR_EVERY = 4

export class BarrierCoordinator
  extends fields({
    st: 'int',
    epoch: 'int',
    /** The execution that is being checkpointed. */
    execution: 'int',
    lastCompletion: 'time',
    /** Checkpoints whose files are being deleted. */
    cleaning: 'int',
    /** 1 if the last acknowledgement was of a checkpoint that is on its way or has expired. */
    answer: 'ghost',
    expiredIds: cells(REMEMBERED),
    nextExpired: 'int',
  })
  implements CheckpointCoordinator, PendingHost, TriggerHost, DeciderView
{
  readonly name = 'checkpoint-coordinator'
  readonly schedule: CheckpointSchedule
  readonly requests: CheckpointRequestDecider
  readonly failures = new CheckpointFailureManager()
  readonly #wiring: CoordinatorWiring
  readonly #protocol: Protocol
  readonly #mutation: Mutation
  readonly #unaligned: boolean
  readonly #anyTaskInitiates: boolean
  readonly #chart: CompiledChart<BarrierCoordinator>
  readonly #scheduled: number
  readonly #shutDown: number
  readonly #trigger: CheckpointTrigger
  readonly #pending: PendingCheckpoint[]
  /** One for each shape of the job. */
  readonly #plans: ReadonlyMap<Shape, CheckpointPlanCalculator>
  readonly #completed = new CompletedCheckpointQueue<CompletedCheckpoint>()
  /** Entries whose removal from the store has been asked for. */
  #subsuming: CompletedCheckpoint[] = []
  /** Those of this leader: their files are their users'. */
  #savepoints: CompletedCheckpoint[] = []

  constructor(
    wiring: CoordinatorWiring,
    protocol: Protocol,
    mutation: Mutation,
    options: Partial<CoordinatorOptions> = {},
  ) {
    super()
    const { unaligned, afterTasksFinish, intervalDuringBacklogUs, slots, anyTaskInitiates } = { ...OPTIONS, ...options }
    this.#wiring = wiring
    this.#protocol = protocol
    this.#mutation = mutation
    this.#unaligned = unaligned
    this.#anyTaskInitiates = anyTaskInitiates
    this.#chart = compiled(checkpointCoordinatorChart, mutation)
    this.#scheduled = this.#chart.leaf.scheduled!
    this.#shutDown = this.#chart.leaf.shutDown!
    this.schedule = new CheckpointSchedule(wiring, intervalDuringBacklogUs)
    // with unaligned checkpoints a savepoint may not overlap one: it waits for a slot as all do
    this.requests = new CheckpointRequestDecider(!unaligned)
    this.#trigger = new CheckpointTrigger(this, mutation)
    const { vertices } = wiring.layout
    this.#pending = Array.from({ length: slots }, () => new PendingCheckpoint(this, vertices.length, mutation))
    this.#plans = new Map(
      shapesOf(wiring.layout).map((shape) => [shape, new CheckpointPlanCalculator(shape, afterTasksFinish)]),
    )
  }
  get memory(): readonly CompletedCheckpoint[] {
    return this.#completed.entries
  }
  get oldestPendingUs(): number {
    let oldest = NEVER
    for (const slot of this.#pending) if (!slot.free && slot.triggeredAt < oldest) oldest = slot.triggeredAt
    return oldest
  }
  get writing(): boolean {
    for (let i = 0; i < this.#pending.length; i += 1) if (this.#pending[i]!.writing) return true
    return false
  }
  get now(): number {
    return this.#wiring.kernel.now
  }
  /** True while the periodic schedule is on. */
  get scheduled(): boolean {
    return this.st === this.#scheduled
  }
  /** True while a request is being turned into a checkpoint. */
  get isTriggering(): boolean {
    return !this.#trigger.idle
  }
  /** Checkpoints on their way, oldest first. */
  pendingInOrder(): PendingCheckpoint[] {
    return this.#pending.filter((slot) => !slot.free).sort((a, b) => a.id - b.id)
  }
  /** The leaf of each chart. */
  describe(): Readonly<Record<string, string>> {
    const pending = this.pendingInOrder().map((slot) => [`pending-checkpoint ${slot.id}`, slot.describe()])
    return {
      'checkpoint-coordinator': this.#chart.leaves[this.st]!,
      'checkpoint-trigger': this.#trigger.describe(),
      ...Object.fromEntries(pending),
    }
  }
  receive(code: number, event: KernelEvent): void {
    if (code === C.START) this.#boot(event)
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `${this.name}: ${checkpointCoordinatorChart.events[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  #boot(e: KernelEvent): void {
    this.st = this.#chart.initialLeaf
    this.execution = 0
    this.lastCompletion = -NEVER
    this.cleaning = 0
    this.expiredIds.fill(0)
    this.#subsuming = []
    this.#savepoints = []
    this.#completed.reset()
    this.schedule.reset()
    this.requests.clear()
    this.failures.reset()
    this.#trigger.clear(e)
    for (const slot of this.#pending) slot.clear()
  }
  #slotOf(checkpoint: number): PendingCheckpoint | null {
    for (let i = 0; i < this.#pending.length; i += 1) {
      const slot = this.#pending[i]!
      if (!slot.free && slot.id === checkpoint) return slot
    }
    return null
  }
  /** The oldest checkpoint on its way whose id is above `id`. */
  #slotAfter(id: number): PendingCheckpoint | null {
    let first: PendingCheckpoint | null = null
    for (let i = 0; i < this.#pending.length; i += 1) {
      const slot = this.#pending[i]!
      if (!slot.free && slot.id > id && (first === null || slot.id < first.id)) first = slot
    }
    return first
  }

  // guards
  pending(e: ChartEvent): boolean {
    return this.#slotOf(e.b) !== null
  }
  referenced(e: ChartEvent): boolean {
    return this.isReferenced(e.ref)
  }
  writeInFlight(_e: ChartEvent): boolean {
    return this.writing
  }
  settled(): boolean {
    return !this.writing
  }

  // schedule
  startSchedule(e: ChartEvent): void {
    this.execution = e.a
    this.schedule.start(e.a, e.b === 1)
  }
  stopSchedule(_e: ChartEvent): void {
    this.schedule.stop()
  }
  rearm(_e: ChartEvent): void {
    this.schedule.rearm()
  }
  noteBacklog(e: ChartEvent): void {
    this.schedule.noteBacklog(e.a, e.b === 1)
  }

  // requests
  requestPeriodic(e: ChartEvent): void {
    this.#request(PERIODIC, e)
  }
  request(e: ChartEvent): void {
    this.#request(checkpointRequest(e.a as SnapshotKind, false, e.ref), e)
  }
  #request(request: number, e: ChartEvent): void {
    const displaced = this.requests.add(request)
    if (displaced >= 0) this.requestFailed(displaced, REASON.TOO_MANY_CHECKPOINT_REQUESTS)
    if (displaced !== request) this.look(e)
  }
  look(e: ChartEvent): void {
    while (this.#trigger.idle) {
      const decision = this.requests.decide(this)
      if (decision === WAIT) return
      if (decision === POSTPONE) {
        this.schedule.postpone(this.pauseLeftUs)
        return
      }
      this.#trigger.begin(this.requests.take(), e)
    }
  }
  lookLater(hops: number): void {
    if (this.requests.size > 0 && this.st !== this.#shutDown) this.#wiring.later(hops, C.LOOK, 0, 0)
  }
  get pendingCheckpoints(): number {
    let n = 0
    for (let i = 0; i < this.#pending.length; i += 1) if (!this.#pending[i]!.free) n += 1
    return n
  }
  get maxConcurrentCheckpoints(): number {
    return this.#wiring.timing().maxConcurrentCheckpoints
  }
  get pauseLeftUs(): number {
    return this.lastCompletion + this.#wiring.timing().minPauseUs - this.now
  }

  // events of the request that is being triggered; once it is done with, it is another one's turn
  idDrawn(e: ChartEvent): void {
    this.#trigger.send(ID, e)
  }
  enumeratorSnapshotted(e: ChartEvent): void {
    this.#goOn(SNAPSHOTTED, e)
  }
  placeInitialized(e: ChartEvent): void {
    this.#goOn(INITIALIZED, e)
  }
  giveUpTrigger(e: ChartEvent): void {
    this.#goOn(FAILED, e)
  }
  #goOn(code: number, e: ChartEvent): void {
    const { idle } = this.#trigger
    this.#trigger.send(code, e)
    if (!idle) this.look(e)
  }

  // what the trigger asks for
  /** Flink: CheckpointCoordinator.preCheckGlobalState. */
  refusal(request: number): number {
    if (this.st === this.#shutDown) return REASON.CHECKPOINT_COORDINATOR_SHUTDOWN
    return isPeriodic(request) && !this.scheduled ? REASON.PERIODIC_SCHEDULER_SHUTDOWN : NO_REASON
  }
  plan(): CheckpointPlan | number {
    return this.#plans.get(this.#shape)!.calculate(this.#wiring)
  }
  get #shape(): Shape {
    return this.#wiring.shape ?? this.#wiring.layout
  }
  currentExecution(): number {
    return this.#wiring.currentExecution()
  }
  get enumeratorCount(): number {
    return this.#wiring.enumerators.size
  }
  drawId(): void {
    this.#wiring.toService(this.#wiring.store, V.DRAW_ID, 0, this.epoch, 0)
  }
  openSlot(trigger: CheckpointTrigger, e: ChartEvent): void {
    const { kernel, observer, self } = this.#wiring
    const slot = this.#pending.find((p) => p.free)
    if (slot === undefined)
      throw new Error(`all ${this.#pending.length} slots for checkpoints on their way are taken: give more of them`)
    slot.open(trigger, e)
    slot.timeout = kernel.schedule(this.#wiring.timing().checkpointTimeoutUs, self, C.EXPIRE, 0, slot.id)
    observer.triggered(slot.id, kindOf(slot.request), this.epoch)
    this.phase(P['checkpoint-triggered'])
  }
  isPending(checkpoint: number): boolean {
    return this.#slotOf(checkpoint) !== null
  }
  /** Flink: the place in storage, then the operator coordinators, then the master hooks. */
  initialize(): void {
    this.#wiring.later(4, C.INITIALIZED, 0, 0)
  }
  snapshotEnumerators(checkpoint: number): void {
    for (const enumerator of this.#wiring.enumerators.values())
      this.#wiring.toLocal(enumerator, N.SNAPSHOT, checkpoint, 0, 0)
  }
  enumeratorState(ref: number): readonly number[] {
    return this.#wiring.enumeratorState(ref)
  }
  reopen(source: number, checkpoint: number): void {
    for (const { id, spec } of this.#shape.vertices) if (spec === source) this.acknowledged(id, checkpoint)
  }
  triggerTasks(checkpoint: number, e: ChartEvent): void {
    const slot = this.#slotOf(checkpoint)!
    slot.send(TRIGGERED, e)
    const operand = triggerOperand(kindOf(slot.request), this.#unaligned)
    for (const vertex of slot.plan.toTrigger) this.#wiring.toTask(vertex, E.trigger, T.TRIGGER, slot.id, operand)
    if (!this.#anyTaskInitiates || this.pendingCheckpoints > 1) return
    for (const vertex of slot.plan.toWaitFor)
      if (!slot.plan.toTrigger.includes(vertex) && this.#initiates(vertex, slot.id))
        this.#wiring.toTask(vertex, E.trigger, T.TRIGGER, slot.id, operand)
  }
  /** Nobody does while an older checkpoint is on its way: its markers would come too late, and nobody could complete it. */
  #initiates(vertex: number, checkpoint: number): boolean {
    return this.#wiring.kernel.decide(INITIATES, mix2(vertex, checkpoint), INITIATOR_EVERY) === 0
  }
  failTriggerLater(): void {
    this.#wiring.later(1, C.TRIGGER_FAILED, 0, 0)
  }
  /** A checkpoint that was aborted while it was initialised has been reported before; Flink does it again. */
  triggerHasFailed({ checkpoint, request, failure }: CheckpointTrigger): void {
    if (checkpoint === 0) this.requestFailed(request, failure)
    this.#report(checkpoint === 0 ? NO_ID : checkpoint, failure, kindOf(request), NO_TASK, this.execution)
  }

  // events of one checkpoint
  acknowledge(e: ChartEvent): void {
    this.phase(P['ack-received'])
    this.answer = 1
    this.#slotOf(e.b)!.send(ACK, e)
  }
  /** A second copy of an acknowledgement whose file is in use. */
  ignoreLateAck(_e: ChartEvent): void {
    this.phase(P['ack-received'])
    this.answer = 0
  }
  /** Its checkpoint is over, and nothing refers to the file: it is of no use. */
  discardLateAck(e: ChartEvent): void {
    this.phase(P['ack-received'])
    this.answer = this.#hasExpired(e.b) ? 1 : 0
    this.discard(e.ref)
  }
  ignoreAck(_e: ChartEvent): void {
    this.answer = 0
  }
  /** Flink: nobody asks whether the task takes part in the checkpoint that it declines. */
  decline(e: ChartEvent): void {
    this.#slotOf(e.b)?.send(DECLINE, e)
  }
  expire(e: ChartEvent): void {
    this.#slotOf(e.b)?.send(EXPIRE, e)
  }
  stored(e: ChartEvent): void {
    this.#slotOf(e.b)?.send(STORED, e)
  }
  resolved(e: ChartEvent): void {
    this.#slotOf(e.b)?.send(RESOLVED, e)
  }
  abortUntold(e: ChartEvent): void {
    this.#slotOf(e.b)?.abort(REASON.TRIGGER_CHECKPOINT_FAILURE, e)
  }
  abortPending(e: ChartEvent): void {
    this.#abortAll(e.a, e)
  }
  suspend(e: ChartEvent): void {
    this.#abortQueued(REASON.CHECKPOINT_COORDINATOR_SUSPEND)
    this.#abortAll(REASON.CHECKPOINT_COORDINATOR_SUSPEND, e)
  }
  shutDown(e: ChartEvent): void {
    this.#abortQueued(REASON.CHECKPOINT_COORDINATOR_SHUTDOWN)
    this.#abortAll(REASON.CHECKPOINT_COORDINATOR_SHUTDOWN, e)
  }
  #abortQueued(reason: number): void {
    while (this.requests.size > 0) this.requestFailed(this.requests.take(), reason)
  }
  #abortAll(reason: number, e: ChartEvent): void {
    for (let slot = this.#slotAfter(0); slot !== null; slot = this.#slotAfter(slot.id)) slot.abort(reason, e)
  }

  // what a pending slot asks for
  phase(code: number): void {
    this.#wiring.observer.phase(code)
  }
  vertexOfAttempt(attempt: number): number {
    return this.#wiring.vertexOfAttempt(attempt)
  }
  executionOfAttempt(attempt: number): number {
    return this.#wiring.executionOfAttempt(attempt)
  }
  /** Events of its enumerator may go to a reader again. */
  acknowledged(vertex: number, checkpoint: number): void {
    const { spec, subtask } = this.#wiring.layout.vertices[vertex]!
    const enumerator = this.#wiring.enumerators.get(spec)
    if (enumerator !== undefined) this.#wiring.toLocal(enumerator, N.OPEN, subtask, checkpoint, 0)
  }
  writeEntry(entry: CompletedCheckpoint): void {
    this.phase(P['metadata-begin'])
    this.#wiring.toService(this.#wiring.store, V.ADD, this.epoch, entry.id, this.#wiring.putEntry(entry))
  }
  handOver(savepoint: CompletedCheckpoint): void {
    this.#savepoints.push(savepoint)
    this.#wiring.observer.savepointTaken(savepoint)
  }
  readBack(checkpoint: number): void {
    this.#wiring.toService(this.#wiring.store, V.READ_BACK, this.epoch, checkpoint, 0)
  }
  remember(entry: CompletedCheckpoint): void {
    this.#completed.add(entry)
  }
  succeeded(slot: PendingCheckpoint): void {
    const { listener } = this.#wiring
    const requester = requesterOf(slot.request)
    if (requester !== NOBODY) listener?.requestCompleted(requester, slot.id)
    this.failures.succeeded(slot.id)
    listener?.checkpointCompleted(slot.id)
  }
  pauseFrom(sinceUs: number): void {
    this.lastCompletion = sinceUs
  }
  abandonTrigger(reason: number): void {
    this.#trigger.abandon(reason)
  }
  requestFailed(request: number, reason: number): void {
    const requester = requesterOf(request)
    if (requester !== NOBODY) this.#wiring.listener?.requestFailed(requester, reason)
  }
  failed(slot: PendingCheckpoint, reason: number, blamed: number): void {
    this.#report(slot.id, reason, kindOf(slot.request), blamed, slot.execution)
    if (reason !== REASON.CHECKPOINT_EXPIRED) return
    this.expiredIds.set(this.nextExpired, slot.id)
    this.nextExpired = (this.nextExpired + 1) % REMEMBERED
  }
  #hasExpired(checkpoint: number): boolean {
    for (let i = 0; i < REMEMBERED; i += 1) if (this.expiredIds.at(i) === checkpoint) return true
    return false
  }
  #report(id: number, reason: number, kind: SnapshotKind, blamed: number, execution: number): void {
    this.#wiring.listener?.checkpointFailed(id, reason)
    const tolerable = this.#wiring.timing().tolerableFailedCheckpoints
    const verdict = this.failures.failed(id, reason, kind, blamed, tolerable)
    if (verdict === TOLERATED) return
    this.#wiring.toLocal(this.#wiring.jobManager, J.FAIL_JOB, execution, verdict === FAIL_TASK ? blamed : NO_TASK, 0)
  }
  announce(slot: PendingCheckpoint): void {
    this.#complete(slot.id)
    for (const vertex of slot.plan.toWaitFor)
      this.#wiring.toTask(vertex, E.notify, T.NOTIFY_COMPLETE, slot.id, slot.subsumed)
  }
  /** What code without attempt ids does: whoever runs a vertex when the message arrives hears of it (FLINK-24096). */
  announceToAny(checkpoint: number): void {
    this.#complete(checkpoint)
    for (const { id } of this.#shape.vertices) this.#wiring.toAnyAttempt(id, E.notify, T.NOTIFY_COMPLETE, checkpoint)
  }
  #complete(checkpoint: number): void {
    this.#wiring.observer.completed(checkpoint, this.epoch)
    for (const enumerator of this.#wiring.enumerators.values())
      this.#wiring.toLocal(enumerator, N.COMPLETE, checkpoint, 0, 0)
  }
  notifyAbort(slot: PendingCheckpoint): void {
    const latest = this.#completed.latestId
    for (const vertex of slot.plan.toWaitFor) {
      this.acknowledged(vertex, slot.id)
      this.#wiring.toTask(vertex, E.abort, T.NOTIFY_ABORT, slot.id, latest)
    }
  }
  expired(slot: PendingCheckpoint): void {
    this.#wiring.observer.expired(slot.id, slot.triggeredAt)
  }
  /** Savepoints are not subsumed. Flink: CheckpointCoordinator.dropSubsumedCheckpoints. */
  dropOlder(checkpoint: number, e: ChartEvent): void {
    for (let slot = this.#slotAfter(0); slot !== null && slot.id < checkpoint; slot = this.#slotAfter(slot.id))
      if (kindOf(slot.request) === CHECKPOINT) slot.abort(REASON.CHECKPOINT_SUBSUMED, e)
  }
  closed(slot: PendingCheckpoint): void {
    this.#wiring.kernel.cancel(slot.timeout)
    this.lookLater(1)
  }

  // subsumption: entries first, then their files
  subsumeOldest(): number {
    let newest = 0
    const { retainedCheckpoints } = this.#wiring.timing()
    for (;;) {
      const oldest = this.#completed.subsume(retainedCheckpoints)
      if (oldest === null) return newest
      newest = oldest.id
      this.#letGo(oldest)
    }
  }
  #letGo(entry: CompletedCheckpoint): void {
    this.#subsuming.push(entry)
    this.cleaning += 1
    this.phase(P.subsumed)
    this.#wiring.toService(this.#wiring.store, V.REMOVE, this.epoch, entry.id, 0)
  }
  /** What code does that takes a suspension for the end of the job: nothing is kept (FLINK-19816). */
  dropCompleted(): void {
    for (const entry of this.#completed.entries) this.#letGo(entry)
    this.#completed.reset()
  }
  removed(e: ChartEvent): void {
    const at = this.#subsuming.findIndex((entry) => entry.id === e.a)
    if (at < 0) return
    const [entry] = this.#subsuming.splice(at, 1)
    for (const file of entry!.files) if (file >= 0) this.discard(file)
    this.cleaning -= 1
    this.lookLater(1)
  }
  discard(file: number): void {
    this.#wiring.toService(this.#wiring.storage, S.DELETE, 0, 0, file)
  }
  cleaned(quiet: boolean): void {
    this.cleaning += 1
    this.#wiring.later(1, C.CLEANED, quiet ? 1 : 0, 0)
  }
  countCleaned(e: ChartEvent): void {
    this.cleaning -= 1
    if (e.a === 0) this.lookLater(1)
  }
  /** A late acknowledgement's state is of no use, unless it is a duplicate of one that something still refers to. */
  discardUnlessReferenced(file: number): void {
    if (!this.isReferenced(file)) this.discard(file)
  }
  isReferenced(file: number): boolean {
    for (const slot of this.#pending) if (slot.references(file)) return true
    for (const entry of this.#completed.entries) if (entry.files.includes(file)) return true
    for (const entry of this.#subsuming) if (entry.files.includes(file)) return true
    for (const entry of this.#savepoints) if (entry.files.includes(file)) return true
    return false
  }

  // recovery
  readStore(e: ChartEvent): void {
    this.epoch = e.a
    this.#wiring.toService(this.#wiring.store, V.READ, e.a, 0, 0)
  }
  /** @param readable which entries can be read: all of them, or nothing can be said about a recovery (FLINK-22502) */
  takeStore(e: ChartEvent, readable: (entries: Entries) => Entries = (entries) => entries): void {
    this.phase(P['store-read'])
    this.#completed.reset(readable(this.#wiring.entries(e.ref)))
  }
  answerBasis(): void {
    const basis = this.#protocol.recover({ completed: this.#completed.entries }, this.#mutation)
    this.#wiring.observer.basisRead(basis, this.epoch)
    this.#wiring.toLocal(
      this.#wiring.jobManager,
      J.BASIS,
      basis?.id ?? 0,
      0,
      basis === null ? -1 : this.#wiring.putEntry(basis),
    )
  }
}
