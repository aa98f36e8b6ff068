/**
 * The task's side of a checkpoint, whatever its barriers are like: what happens once all of them are in place, what becomes of
 * the asynchronous parts, and what notices of the coordinator do.
 *
 * ```
 *   trigger -> operators prepare -> barriers go out -> channel state is closed -> state is copied      (the synchronous part)
 *           -> bytes are made -> stored -> acknowledged | declined                                (the asynchronous part)
 * ```
 *
 * Rules that a naive model misses (facts/flink-behaviour.md 36): a checkpoint that is not above the last one is skipped without a
 * word; one whose abort was noticed before only sends a cancellation on, and so does one that is far below the newest such
 * notice, because only so many are remembered; what was given up at a barrier is out of order afterwards; an abort notice stops
 * an asynchronous part that is under way, and after its acknowledgement means nothing any more.
 */
import { fields, fifo } from '../kernel/index.ts'
import {
  BARRIER,
  CANCEL,
  type ChannelStateHost,
  type CheckpointFailureReason,
  compiled,
  FAILURE_REASON_NAMES,
  type Mutation,
  REASON,
  type SubtaskCheckpoints,
  type SubtaskHost,
  TIMED_BARRIER,
} from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { ALIGNED_WITH_TIMEOUT, type AlignmentType, UNALIGNED } from './alignment-type.ts'
import { asyncCheckpointChart } from './async-checkpoint.chart.ts'
import { AsyncCheckpoint } from './async-checkpoint.ts'
import { subtaskCheckpointCoordinatorChart } from './subtask-checkpoint-coordinator.chart.ts'
import type { SubtaskListener } from './subtask-listener.ts'

export interface SubtaskOptions {
  /** Absent: checkpoints hold nothing that is in flight. */
  readonly channelState?: ChannelStateHost
  readonly listener?: SubtaskListener
  /** Abort notices that are remembered: unless told what the host says, or 128. */
  readonly maxRemembered?: number
  /** Asynchronous parts that there can be at once, 16 unless told: of one more the checkpoint is declined. Flink's pool has no end. */
  readonly asyncParts?: number
}
/** Flink: DEFAULT_MAX_RECORD_ABORTED_CHECKPOINTS. */
const MAX_REMEMBERED = 128
const ASYNC_PARTS = 16
const { START, INIT, TRIGGER, PREPARED, TAKEN, NOT_TAKEN, ABORT_ON_BARRIER, ABORTED, COMPLETED, SUBSUMED } =
  subtaskCheckpointCoordinatorChart.code
const { OUTPUT_TIMEOUT } = subtaskCheckpointCoordinatorChart.code
const { SERIALIZED, STORED, FAILED, CANCEL: CANCEL_ASYNC } = asyncCheckpointChart.code
const NONE = 0

export class SubtaskCheckpointCoordinator
  extends fields({
    st: 'int',
    /** The newest checkpoint triggered or given up. Flink: lastCheckpointId. */
    last: 'int',
    /** The newest checkpoint that the task knows as complete. Flink: StreamTask.latestReportCheckpointId. */
    confirmed: 'int',
    /** How barriers of the checkpoint that is being taken go past the records. */
    alignment: 'int',
    /** Checkpoint whose barrier may time out in the outputs, 0: none. */
    timedCheckpoint: 'int',
    /** Checkpoints whose abort was noticed before they came, in the order of the notices. */
    aborted: fifo('remembered'),
    highestAborted: 'int',
    /** Slots for asynchronous parts that have been in use in this attempt: the others need not be looked at. */
    slotsUsed: 'int',
  })
  implements SubtaskCheckpoints
{
  readonly host: SubtaskHost
  readonly name: string
  readonly #channelState: ChannelStateHost | undefined
  readonly #listener: SubtaskListener | undefined
  readonly #maxRemembered: number
  readonly #chart: CompiledChart<SubtaskCheckpointCoordinator>
  readonly #idle: number
  readonly #asyncs: readonly AsyncCheckpoint[]
  readonly #event: ChartEvent = { a: 0, b: 0, ref: 0 }

  constructor(host: SubtaskHost, name: string, mutation: Mutation, options: SubtaskOptions = {}) {
    const { channelState, listener, asyncParts = ASYNC_PARTS } = options
    const maxRemembered = options.maxRemembered ?? host.rememberedAborts ?? MAX_REMEMBERED
    super({ remembered: maxRemembered })
    this.host = host
    this.name = name
    this.#channelState = channelState
    this.#listener = listener
    this.#maxRemembered = maxRemembered
    this.#chart = compiled(subtaskCheckpointCoordinatorChart, mutation)
    this.#idle = this.#chart.leaf.idle!
    this.#asyncs = Array.from({ length: asyncParts }, () => new AsyncCheckpoint(host, listener, mutation))
  }
  #send(code: number, a: number, b = 0, ref = 0): void {
    this.#event.a = a
    this.#event.b = b
    this.#event.ref = ref
    if (!this.#chart.send(this, code, this.#event))
      throw new Error(
        `${this.name}: ${subtaskCheckpointCoordinatorChart.events[code]} of checkpoint ${a} is not expected in state ${this.describe()}`,
      )
  }
  /** A new attempt begins. @param restored id of the restored checkpoint, 0 if none */
  reset(restored: number): void {
    this.st = this.#chart.initialLeaf
    this.last = restored
    this.confirmed = 0
    this.alignment = 0
    this.timedCheckpoint = NONE
    this.aborted.clear()
    this.highestAborted = 0
    this.slotsUsed = 0
    this.#send(START, restored)
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  /** True while a snapshot is being taken. */
  get taking(): boolean {
    return this.st !== this.#idle
  }
  /** Asynchronous parts that have neither ended nor been cancelled. */
  get inFlight(): number {
    let n = 0
    for (let i = 0; i < this.slotsUsed; i += 1) if (this.#asyncs[i]!.running) n += 1
    return n
  }
  /** The leaf of each asynchronous part. */
  describeAsyncs(): Readonly<Record<string, string>> {
    const taken = this.#asyncs.slice(0, this.slotsUsed).filter((slot) => !slot.free)
    return Object.fromEntries(taken.map((slot) => [`async-checkpoint ${slot.id}`, slot.describe()]))
  }
  #asyncOf(checkpoint: number): AsyncCheckpoint | null {
    for (let i = 0; i < this.slotsUsed; i += 1) {
      const slot = this.#asyncs[i]!
      if (slot.id === checkpoint && !slot.free) return slot
    }
    return null
  }
  /** The first slot that is free; the number of slots if there is none. */
  #freeSlot(): number {
    for (let i = 0; i < this.slotsUsed; i += 1) if (this.#asyncs[i]!.free) return i
    return this.slotsUsed
  }

  // what the barrier handler says
  /** The first barrier of a checkpoint that is not simply aligned has come. */
  initInputs(checkpoint: number, alignment: AlignmentType): void {
    this.#send(INIT, checkpoint, alignment)
  }
  /** All barriers are in place. Comes back as `prepareSnapshot`, or else the checkpoint is not taken here. */
  trigger(checkpoint: number, alignment: AlignmentType): void {
    this.#send(TRIGGER, checkpoint, alignment)
  }
  /** The barriers of this checkpoint will not come together. Flink: abortCheckpointOnBarrier. */
  abortOnBarrier(checkpoint: number, reason: CheckpointFailureReason): void {
    this.#send(ABORT_ON_BARRIER, checkpoint, 0, REASON[reason])
  }
  outputTimeout(checkpoint: number): void {
    this.#send(OUTPUT_TIMEOUT, checkpoint)
  }

  // what the task says
  prepared(checkpoint: number): void {
    this.#send(PREPARED, checkpoint, this.alignment)
  }
  taken(checkpoint: number): void {
    this.#send(TAKEN, checkpoint)
  }
  notTaken(checkpoint: number): void {
    this.#send(NOT_TAKEN, checkpoint)
  }
  serialized(checkpoint: number): void {
    this.#toAsync(checkpoint, SERIALIZED, 0)
  }
  stored(checkpoint: number, file: number): void {
    this.#toAsync(checkpoint, STORED, file)
  }
  notStored(checkpoint: number, file: number): void {
    this.#toAsync(checkpoint, FAILED, file)
  }
  /** A second copy of an answer finds nobody any more. */
  #toAsync(checkpoint: number, code: number, ref: number): void {
    this.#event.a = checkpoint
    this.#event.b = 0
    this.#event.ref = ref
    this.#asyncOf(checkpoint)?.send(code, this.#event)
  }

  // what the coordinator says
  notifyAborted(checkpoint: number): void {
    this.#send(ABORTED, checkpoint)
  }
  notifyComplete(checkpoint: number): void {
    this.#send(COMPLETED, checkpoint)
  }
  notifySubsumed(checkpoint: number): void {
    this.#send(SUBSUMED, checkpoint)
  }
  /** A completion notice that is news: each checkpoint once, in rising order. Flink: StreamTask.notifyCheckpointComplete. */
  confirm(checkpoint: number): boolean {
    if (checkpoint <= this.confirmed) return false
    this.confirmed = checkpoint
    this.notifyComplete(checkpoint)
    return true
  }

  // guards; an event has a: checkpoint, b: alignment
  taskStands(_e: ChartEvent): boolean {
    return !this.host.running
  }
  unaligned(e: ChartEvent): boolean {
    return e.b === UNALIGNED
  }
  canTimeOut(e: ChartEvent): boolean {
    return e.b === ALIGNED_WITH_TIMEOUT
  }
  outOfOrder(e: ChartEvent): boolean {
    return e.a <= this.last
  }
  /** One so far below the newest aborted one may have been forgotten. */
  abortedBefore(e: ChartEvent): boolean {
    return this.#remembers(e.a) || e.a + this.#maxRemembered < this.highestAborted
  }
  ahead(e: ChartEvent): boolean {
    return e.a > this.last
  }
  asyncRuns(e: ChartEvent): boolean {
    return this.#asyncOf(e.a)?.running === true
  }
  poolFull(_e: ChartEvent): boolean {
    return this.#freeSlot() === this.#asyncs.length
  }
  timerRuns(e: ChartEvent): boolean {
    return this.timedCheckpoint !== NONE && this.timedCheckpoint === e.a
  }
  #remembers(checkpoint: number): boolean {
    for (let i = 0; i < this.aborted.length; i += 1) if (this.aborted.item(i) === checkpoint) return true
    return false
  }

  // actions
  /** The restored checkpoint was complete: a notice of it, or of an older one, comes from before the restore (FLINK-24096). */
  knowRestored(e: ChartEvent): void {
    this.confirmed = e.a
  }
  advance(e: ChartEvent): void {
    if (e.a > this.last) this.last = e.a
  }
  prepare(e: ChartEvent): void {
    this.alignment = e.b
    this.host.prepareSnapshot(e.a)
  }
  sendBarrier(e: ChartEvent): void {
    this.host.broadcast(BARRIER, e.a, false)
  }
  sendTimedBarrier(e: ChartEvent): void {
    this.host.broadcast(TIMED_BARRIER, e.a, false)
  }
  sendPriorityBarrier(e: ChartEvent): void {
    this.host.broadcast(BARRIER, e.a, true)
  }
  sendCancel(e: ChartEvent): void {
    this.host.broadcast(CANCEL, e.a, false)
  }
  /** The abort notice came before the barrier: tell downstream not to wait (FLINK-18238). */
  forwardCancel(e: ChartEvent): void {
    this.host.broadcast(CANCEL, e.a, false)
  }
  takeSnapshot(e: ChartEvent): void {
    this.host.takeSnapshot(e.a)
  }
  startAsync(e: ChartEvent): void {
    const slot = this.#freeSlot()
    if (slot === this.slotsUsed) this.slotsUsed += 1
    this.#asyncs[slot]!.open(e.a, e)
    this.host.startAsync(e.a)
  }
  refuse(e: ChartEvent): void {
    this.host.decline(e.a, 'CHECKPOINT_ASYNC_EXCEPTION')
  }
  cancelAsync(e: ChartEvent): void {
    this.#asyncOf(e.a)!.send(CANCEL_ASYNC, e)
  }
  decline(e: ChartEvent): void {
    this.host.decline(e.a, FAILURE_REASON_NAMES[e.ref]!)
  }

  // abort notices that are remembered
  remember(e: ChartEvent): void {
    if (e.a > this.highestAborted) this.highestAborted = e.a
    if (this.#remembers(e.a)) return
    if (this.aborted.length === this.#maxRemembered) this.aborted.pop()
    this.aborted.push(e.a, 0)
  }
  clearAborted(e: ChartEvent): void {
    for (let left = this.aborted.length; left > 0; left -= 1) {
      const checkpoint = this.aborted.pop()
      if (checkpoint !== e.a) this.aborted.push(checkpoint, 0)
    }
  }
  /** In the order of the notices, so that one of a newer checkpoint keeps those behind it. */
  dropOlderAborted(_e: ChartEvent): void {
    while (this.aborted.length > 0 && this.aborted.item(0) < this.last) this.aborted.pop()
  }

  // what is in flight
  startChannelState(e: ChartEvent): void {
    this.#channelState?.start(e.a)
  }
  persistInputs(e: ChartEvent): void {
    this.#channelState?.persistInputs(e.a)
  }
  finishInputs(e: ChartEvent): void {
    this.#channelState?.finishInputs(e.a)
  }
  finishOutputs(e: ChartEvent): void {
    this.#channelState?.finishOutputs(e.a)
  }
  takeChannelState(e: ChartEvent): void {
    this.#channelState?.takeResult(e.a)
  }
  /** Somebody may still ask for it, and is then told that it was aborted. */
  abortChannelState(e: ChartEvent): void {
    this.#channelState?.abort(e.a, false)
  }
  giveUpChannelState(e: ChartEvent): void {
    this.#channelState?.abort(e.a, true)
  }
  abortOutputs(e: ChartEvent): void {
    this.#channelState?.abortOutputs(e.a)
  }
  armOutputTimer(e: ChartEvent): void {
    this.timedCheckpoint = e.a
    this.#channelState?.armOutputTimer(e.a)
  }
  disarmOutputTimer(_e: ChartEvent): void {
    if (this.timedCheckpoint === NONE) return
    this.#channelState?.disarmOutputTimer(this.timedCheckpoint)
    this.timedCheckpoint = NONE
  }
  disarmOwnTimer(e: ChartEvent): void {
    if (this.timedCheckpoint === e.a) this.disarmOutputTimer(e)
  }
  timeOutOutputs(e: ChartEvent): void {
    this.timedCheckpoint = NONE
    this.#channelState?.timeOutOutputs(e.a)
  }

  // who hears of it
  completeOperators(e: ChartEvent): void {
    this.host.checkpointComplete(e.a)
  }
  abortOperators(e: ChartEvent): void {
    this.#listener?.operatorsAborted(e.a)
  }
  subsumeOperators(e: ChartEvent): void {
    this.#listener?.operatorsSubsumed(e.a)
  }
  confirmLocal(e: ChartEvent): void {
    this.#listener?.localComplete(e.a)
  }
  forgetLocal(e: ChartEvent): void {
    this.#listener?.localAborted(e.a)
  }
}
