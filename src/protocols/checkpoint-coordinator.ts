/**
 * The checkpoint coordinator: schedules checkpoints, collects acknowledgements, makes completed ones durable, subsumes older
 * ones, and answers what to restore from. Flink: CheckpointCoordinator; rules in facts/checkpointing.md 2.1.
 *
 * ```
 *   TICK -> id drawn (durable) -> enumerators snapshot -> pending slot opens -> triggers go out
 *   last acknowledgement -> entry written to the store -> outcome known -> announced -> older entries removed, then their files
 * ```
 */
import { fields, type KernelEvent, site } from '../kernel/index.ts'
import {
  C,
  type CheckpointCoordinator,
  type CompletedCheckpoint,
  type CoordinatorWiring,
  compiled,
  E,
  J,
  MAX_CONCURRENT_CHECKPOINTS,
  type Mutation,
  N,
  P,
  type Protocol,
  S,
  T,
  V,
} from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { checkpointCoordinatorChart } from './checkpoint-coordinator.chart.ts'
import { pendingCheckpointChart } from './pending-checkpoint.chart.ts'
import { PendingCheckpoint, type PendingHost } from './pending-checkpoint.ts'

const FIRST_DELAY = site('first checkpoint delay')

export class BarrierCoordinator
  extends fields({
    st: 'int',
    epoch: 'int',
    /** The execution that is being checkpointed. */
    execution: 'int',
    drawnId: 'int',
    enumeratorsLeft: 'int',
    /** 1 while a periodic request waits for a free slot. */
    queued: 'int',
    /** Consecutive failed checkpoints. */
    failures: 'int',
    lastCompletion: 'time',
    /** Handle of the next tick; ticks of a stopped schedule are cancelled. */
    tick: 'int',
  })
  implements CheckpointCoordinator, PendingHost
{
  readonly name = 'checkpoint-coordinator'
  readonly #wiring: CoordinatorWiring
  readonly #protocol: Protocol
  readonly #mutation: Mutation
  readonly #chart: CompiledChart<BarrierCoordinator>
  readonly #pending: PendingCheckpoint[]
  readonly #sources: readonly number[]
  #memory: CompletedCheckpoint[] = []
  /** Entries whose removal from the store has been asked for. */
  #subsuming: CompletedCheckpoint[] = []
  #enumerators = new Map<number, readonly number[]>()

  constructor(wiring: CoordinatorWiring, protocol: Protocol, mutation: Mutation) {
    super()
    this.#wiring = wiring
    this.#protocol = protocol
    this.#mutation = mutation
    this.#chart = compiled(checkpointCoordinatorChart, mutation)
    this.#pending = Array.from(
      { length: MAX_CONCURRENT_CHECKPOINTS },
      () => new PendingCheckpoint(this, wiring.layout.vertices.length, mutation),
    )
    this.#sources = wiring.layout.vertices.filter((v) => v.inputs.length === 0).map((v) => v.id)
  }
  get memory(): readonly CompletedCheckpoint[] {
    return this.#memory
  }
  get oldestPendingUs(): number {
    let oldest = Number.POSITIVE_INFINITY
    for (const slot of this.#pending) if (!slot.free && slot.triggeredAt < oldest) oldest = slot.triggeredAt
    return oldest
  }
  get writing(): boolean {
    for (let i = 0; i < MAX_CONCURRENT_CHECKPOINTS; i += 1) if (this.#pending[i]!.writing) return true
    return false
  }
  receive(code: number, event: KernelEvent): void {
    if (code === C.START) this.#boot()
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `${this.name}: ${checkpointCoordinatorChart.events[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  #boot(): void {
    this.st = this.#chart.initialLeaf
    this.execution = 0
    this.queued = 0
    this.failures = 0
    this.lastCompletion = 0
    this.tick = -1
    this.#memory = []
    this.#subsuming = []
    for (const slot of this.#pending) slot.clear()
  }
  #slotOf(checkpoint: number): PendingCheckpoint | null {
    for (let i = 0; i < MAX_CONCURRENT_CHECKPOINTS; i += 1) {
      const slot = this.#pending[i]!
      if (!slot.free && slot.id === checkpoint) return slot
    }
    return null
  }
  #inUse(): number {
    let n = 0
    for (let i = 0; i < MAX_CONCURRENT_CHECKPOINTS; i += 1) {
      const slot = this.#pending[i]!
      if (!slot.free) n += 1
    }
    return n
  }

  // guards
  inMinPause(): boolean {
    return this.lastCompletion > 0 && this.lastCompletion + this.#wiring.timing().minPauseUs > this.#wiring.kernel.now
  }
  noSlot(): boolean {
    return this.#inUse() >= this.#wiring.timing().maxConcurrentCheckpoints
  }
  foreignSnapshot(e: ChartEvent): boolean {
    return e.b !== this.drawnId
  }
  lastEnumerator(_e: ChartEvent): boolean {
    return this.enumeratorsLeft === 1
  }
  pending(e: ChartEvent): boolean {
    return this.#slotOf(e.b) !== null
  }
  referenced(e: ChartEvent): boolean {
    return this.isReferenced(e.ref)
  }
  writeInFlight(_e: ChartEvent): boolean {
    return this.writing
  }
  settled(_e: ChartEvent): boolean {
    return !this.writing
  }

  // schedule
  /** Flink: the first checkpoint comes at random within [minPause, interval], later schedules wait one interval. */
  startSchedule(e: ChartEvent): void {
    const { checkpointIntervalUs: interval, minPauseUs: minPause } = this.#wiring.timing()
    this.execution = e.a
    this.queued = 0
    const least = Math.min(minPause, interval)
    const delay = e.a === 1 ? least + this.#wiring.kernel.decide(FIRST_DELAY, e.a, interval - least + 1) : interval
    this.tick = this.#wiring.kernel.schedule(delay, this.#wiring.self, C.TICK)
  }
  stopSchedule(_e: ChartEvent): void {
    this.#wiring.kernel.cancel(this.tick)
    this.tick = -1
    this.queued = 0
  }
  /** A TICK with a = 1 is a second look at the queue: the raster goes on by itself. */
  rearm(e: ChartEvent): void {
    if (e.a === 1) return
    this.tick = this.#wiring.kernel.schedule(this.#wiring.timing().checkpointIntervalUs, this.#wiring.self, C.TICK)
  }
  queue(_e: ChartEvent): void {
    this.queued = 1
  }
  /** Within the minimum pause a request is dropped and the whole raster shifts to its end. */
  postpone(e: ChartEvent): void {
    if (e.a === 1) this.#wiring.kernel.cancel(this.tick)
    const { kernel } = this.#wiring
    this.tick = kernel.schedule(
      this.lastCompletion + this.#wiring.timing().minPauseUs - kernel.now,
      this.#wiring.self,
      C.TICK,
    )
  }
  lookAtQueue(): void {
    if (this.queued === 0) return
    this.queued = 0
    this.#wiring.kernel.local(this.#wiring.self, C.TICK, 1)
  }
  drawId(_e: ChartEvent): void {
    this.#wiring.toService(this.#wiring.store, V.DRAW_ID, 0, this.epoch, 0)
  }
  snapshotEnumerators(e: ChartEvent): void {
    this.drawnId = e.a
    this.#enumerators = new Map()
    this.enumeratorsLeft = this.#wiring.enumerators.size
    for (const enumerator of this.#wiring.enumerators.values()) this.#wiring.toLocal(enumerator, N.SNAPSHOT, e.a, 0, 0)
  }
  recordEnumerator(e: ChartEvent): void {
    this.enumeratorsLeft -= 1
    this.#enumerators.set(e.a, this.#wiring.enumeratorState(e.ref))
  }
  trigger(e: ChartEvent): void {
    const { kernel, observer } = this.#wiring
    const slot = this.#pending.find((p) => p.free)!
    slot.open(this.drawnId, this.execution, kernel.now, this.#enumerators, e)
    slot.timeout = kernel.schedule(this.#wiring.timing().checkpointTimeoutUs, this.#wiring.self, C.EXPIRE, 0, slot.id)
    observer.triggered(slot.id)
    this.phase(P['checkpoint-triggered'])
    for (const source of this.#sources) this.#wiring.toTask(source, E.trigger, T.TRIGGER, slot.id)
  }
  abortAll(e: ChartEvent): void {
    for (const slot of this.#pending) if (!slot.free) slot.send(pendingCheckpointChart.code.SUSPEND, e)
  }

  // events of one checkpoint
  acknowledge(e: ChartEvent): void {
    this.phase(P['ack-received'])
    this.#slotOf(e.b)!.send(pendingCheckpointChart.code.ACK, e)
  }
  /** A second copy of an acknowledgement whose file is in use. */
  ignoreLateAck(_e: ChartEvent): void {
    this.phase(P['ack-received'])
  }
  /** Its checkpoint is over, and nothing refers to the file: it is of no use. */
  discardLateAck(e: ChartEvent): void {
    this.phase(P['ack-received'])
    this.discard(e.ref)
  }
  decline(e: ChartEvent): void {
    this.#slotOf(e.b)?.send(pendingCheckpointChart.code.DECLINE, e)
  }
  expire(e: ChartEvent): void {
    this.#slotOf(e.b)?.send(pendingCheckpointChart.code.EXPIRE, e)
  }
  stored(e: ChartEvent): void {
    this.#slotOf(e.b)?.send(pendingCheckpointChart.code.STORED, e)
  }
  resolved(e: ChartEvent): void {
    this.#slotOf(e.b)?.send(pendingCheckpointChart.code.RESOLVED, e)
  }
  checkSettled(_e: ChartEvent): void {
    this.#wiring.kernel.local(this.#wiring.self, C.TICK)
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
  currentExecution(): number {
    return this.#wiring.currentExecution()
  }
  acknowledged(vertex: number, checkpoint: number): void {
    const { spec, subtask } = this.#wiring.layout.vertices[vertex]!
    const enumerator = this.#wiring.enumerators.get(spec)
    if (enumerator !== undefined) this.#wiring.toLocal(enumerator, N.OPEN, subtask, checkpoint, 0)
  }
  writeEntry(entry: CompletedCheckpoint): void {
    this.phase(P['metadata-begin'])
    this.#wiring.toService(this.#wiring.store, V.ADD, this.epoch, entry.id, this.#wiring.putEntry(entry))
  }
  readBack(checkpoint: number): void {
    this.#wiring.toService(this.#wiring.store, V.READ_BACK, this.epoch, checkpoint, 0)
  }
  remember(entry: CompletedCheckpoint): void {
    this.#memory.push(entry)
    this.#memory.sort((a, b) => a.id - b.id)
    this.failures = 0
    this.lastCompletion = this.#wiring.kernel.now
  }
  announce(checkpoint: number): void {
    this.#complete(checkpoint)
    for (const { id } of this.#wiring.layout.vertices) this.#wiring.toTask(id, E.notify, T.NOTIFY_COMPLETE, checkpoint)
  }
  /** What code without attempt ids does: whoever runs a vertex when the message arrives hears of it (FLINK-24096). */
  announceToAny(checkpoint: number): void {
    this.#complete(checkpoint)
    for (const { id } of this.#wiring.layout.vertices)
      this.#wiring.toAnyAttempt(id, E.notify, T.NOTIFY_COMPLETE, checkpoint)
  }
  #complete(checkpoint: number): void {
    this.#wiring.observer.completed(checkpoint)
    for (const enumerator of this.#wiring.enumerators.values())
      this.#wiring.toLocal(enumerator, N.COMPLETE, checkpoint, 0, 0)
  }
  notifyAbort(checkpoint: number): void {
    const { layout, enumerators } = this.#wiring
    for (const v of layout.vertices) {
      const enumerator = enumerators.get(v.spec)
      if (enumerator !== undefined) this.#wiring.toLocal(enumerator, N.OPEN, v.subtask, checkpoint, 0)
      this.#wiring.toTask(v.id, E.abort, T.NOTIFY_ABORT, checkpoint)
    }
  }
  expired(checkpoint: number, triggeredAtUs: number): void {
    this.#wiring.observer.expired(checkpoint, triggeredAtUs)
  }
  checkpointFailed(): void {
    this.failures += 1
    if (this.failures <= this.#wiring.timing().tolerableFailedCheckpoints) return
    this.failures = 0
    this.#wiring.toLocal(this.#wiring.jobManager, J.FAIL_JOB, this.execution, 0, 0)
  }
  closed(slot: PendingCheckpoint): void {
    this.#wiring.kernel.cancel(slot.timeout)
    slot.id = 0
    if (this.st === this.#chart.leaf['scheduled.waiting']) this.lookAtQueue()
  }

  // subsumption: entries first, then their files
  subsumeOlder(): void {
    while (this.#memory.length > this.#wiring.timing().retainedCheckpoints) {
      const oldest = this.#memory.shift()!
      this.#subsuming.push(oldest)
      this.phase(P.subsumed)
      this.#wiring.toService(this.#wiring.store, V.REMOVE, this.epoch, oldest.id, 0)
    }
  }
  removed(e: ChartEvent): void {
    const at = this.#subsuming.findIndex((entry) => entry.id === e.a)
    if (at < 0) return
    const [entry] = this.#subsuming.splice(at, 1)
    for (const file of entry!.files) this.discard(file)
  }
  discard(file: number): void {
    this.#wiring.toService(this.#wiring.storage, S.DELETE, 0, 0, file)
  }
  /** A late acknowledgement's state is of no use, unless it is a duplicate of one that something still refers to. */
  discardUnlessReferenced(file: number): void {
    if (!this.isReferenced(file)) this.discard(file)
  }
  isReferenced(file: number): boolean {
    for (const slot of this.#pending) if (slot.references(file)) return true
    for (const entry of this.#memory) if (entry.files.includes(file)) return true
    for (const entry of this.#subsuming) if (entry.files.includes(file)) return true
    return false
  }

  // recovery
  readStore(e: ChartEvent): void {
    this.epoch = e.a
    this.#wiring.toService(this.#wiring.store, V.READ, e.a, 0, 0)
  }
  takeStore(e: ChartEvent): void {
    this.phase(P['store-read'])
    this.#memory = [...this.#wiring.entries(e.ref)]
  }
  answerBasis(_e: ChartEvent): void {
    const basis = this.#protocol.recover({ completed: this.#memory }, this.#mutation)
    this.#wiring.observer.basisRead(basis)
    this.#wiring.toLocal(
      this.#wiring.jobManager,
      J.BASIS,
      basis?.id ?? 0,
      0,
      basis === null ? -1 : this.#wiring.putEntry(basis),
    )
  }
}
