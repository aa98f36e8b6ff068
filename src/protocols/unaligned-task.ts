/**
 * The task's side of checkpoints whose barriers may overtake records, at once or when aligning takes too long.
 *
 * ```
 *   barrier n on an input, unaligned:   the snapshot is due; what lies before the barriers of all inputs becomes channel state
 *   barrier n on an input, aligned:     its sender stands behind it; nothing is read from that input
 *     ... announced before it is read:  from then on the time runs
 *     ... the time is over:             the announced barriers go to the front, the rest is unaligned
 *   barrier n on the last input:        aligned: the snapshot is due; unaligned: channel state is complete
 * ```
 *
 * Rules that a naive model misses (facts/flink-behaviour.md 1-11): an announcement of a newer checkpoint ends an older one before
 * any barrier of it is read; a timeout with announcements alone triggers nothing, one in the middle of an alignment does;
 * a checkpoint that is announced and has no barrier yet ignores its own cancellation; a start is refused where a newer barrier has been
 * received; the senders of inputs whose aligned barriers came in time still wait to be resumed at the end; a barrier that has overtaken
 * records has no time left, and overtakes again right behind an edge that lets none do so (CheckpointOptions.toUnaligned drops the timeout).
 */
import { cells, fields } from '../kernel/index.ts'
import {
  ALIGNMENT_TIMER,
  ANNOUNCEMENT,
  CANCEL,
  type CheckpointFailureReason,
  compiled,
  FORCED_BARRIER,
  FORCED_UNALIGNED_BARRIER,
  type Mutation,
  type OvertakingTaskHost,
  P,
  type TaskProtocol,
  TIMED_BARRIER,
  UNALIGNED_BARRIER,
} from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { ALIGNED, ALIGNED_WITH_TIMEOUT, type AlignmentType, UNALIGNED } from './alignment-type.ts'
import { SubtaskCheckpointCoordinator } from './subtask-checkpoint-coordinator.ts'
import { unalignedTaskChart } from './unaligned-task.chart.ts'

const CODES = unalignedTaskChart.code
const NONE = 0
/** Whether all barriers of a checkpoint have been received. */
export const OPEN = 0
export const COMPLETE = 1
export const FAILED = 2

export interface UnalignedOptions {
  /** False: nothing is ever aligned, and no time runs. Flink: SingleCheckpointBarrierHandler.unaligned, which production never uses. */
  readonly alternates?: boolean
  /** True if an input that ends counts as aligned, false if its end aborts. Flink: execution.checkpointing.checkpoints-after-tasks-finish, on by default. */
  readonly endsAlign?: boolean
}
/** A barrier that stands for a savepoint, or one of an edge that lets none overtake, where all barriers have to overtake. */
export class CannotOvertake extends Error {}

export class UnalignedTask
  extends fields({
    st: 'int',
    /** The newest checkpoint seen in a barrier, announcement, trigger or effective cancellation. */
    current: 'int',
    /** The newest one that is complete or given up. Flink: lastCancelledOrCompletedCheckpointId. */
    over: 'int',
    /** Kind of the first barrier of the current one. */
    kind: 'int',
    /** Inputs whose barrier of it has been read, or that have ended since it began. */
    arrived: 'int',
    /** Inputs that were open when it began: it takes that many. Flink: targetChannelCount. */
    target: 'int',
    /** Inputs that have not ended. */
    open: 'int',
    /** How the barriers that the task sends for it go past the records. */
    alignment: 'int',
    /** 1 once it has begun without alignment here. */
    overtaking: 'int',
    /** What has become of the newest checkpoint that has begun: OPEN, COMPLETE or FAILED. Flink: allBarriersReceivedFuture. */
    outcome: 'int',
    /** 1 if an input has refused to begin. */
    refusal: 'int',
    /** The checkpoint for which time runs; 0: none. */
    timed: 'int',
    /** Per input: 1 once its barrier of the current checkpoint has been read, or it has ended since. */
    seen: cells('inputs'),
    /** Per input: 1 if its sender stands behind an aligned barrier that has been read. */
    blocked: cells('inputs'),
    /** Per input: 1 if a barrier of the current checkpoint is announced and has not been read. */
    announced: cells('inputs'),
  })
  implements TaskProtocol
{
  readonly host: OvertakingTaskHost
  readonly name: string
  readonly subtask: SubtaskCheckpointCoordinator
  readonly #alternates: boolean
  readonly #endsAlign: boolean
  readonly #chart: CompiledChart<UnalignedTask>
  readonly #event: ChartEvent = { a: 0, b: 0, ref: 0 }

  constructor(host: OvertakingTaskHost, name: string, mutation: Mutation, options: UnalignedOptions = {}) {
    super({ inputs: host.inputs })
    const { alternates = true, endsAlign = true } = options
    this.#alternates = alternates
    this.#endsAlign = endsAlign
    this.host = host
    this.name = name
    this.subtask = new SubtaskCheckpointCoordinator(host, name, mutation, { channelState: host.channelState })
    this.#chart = compiled(unalignedTaskChart, mutation)
  }
  /** @param kind of a barrier or announcement */
  #send(code: number, checkpoint: number, input: number, kind: number): void {
    this.#event.a = checkpoint
    this.#event.b = input
    this.#event.ref = kind
    if (!this.#chart.send(this, code, this.#event))
      throw new Error(
        `${this.name}: ${unalignedTaskChart.events[code]} of checkpoint ${checkpoint} is not expected in state ${this.describe()}`,
      )
  }

  reset(restored: number): void {
    this.st = this.#chart.initialLeaf
    this.current = restored
    this.over = restored
    this.kind = 0
    this.arrived = 0
    this.target = 0
    this.open = this.host.inputs
    this.alignment = ALIGNED
    this.overtaking = 0
    this.outcome = OPEN
    this.refusal = 0
    this.timed = NONE
    this.seen.fill(0)
    this.blocked.fill(0)
    this.announced.fill(0)
    this.subtask.reset(restored)
    this.#send(CODES.START, restored, 0, 0)
  }
  onControl(input: number, kind: number, checkpoint: number): void {
    if (kind === CANCEL) {
      this.#send(CODES.CANCEL, checkpoint, input, kind)
      return
    }
    // only one checkpoint at a time: the newer one ends the older before anything else
    if (checkpoint > this.current && this.isPending) this.#send(CODES.SUPERSEDE, this.current, input, kind)
    this.#send(kind === ANNOUNCEMENT ? CODES.ANNOUNCEMENT : CODES.BARRIER, checkpoint, input, kind)
  }
  onTrigger(checkpoint: number, mayOvertake: boolean): void {
    this.#send(CODES.TRIGGER, checkpoint, 0, mayOvertake ? 1 : 0)
  }
  onAbort(checkpoint: number): void {
    this.subtask.notifyAborted(checkpoint)
  }
  onComplete(checkpoint: number): void {
    this.subtask.confirm(checkpoint)
  }
  onSnapshotDue(checkpoint: number): boolean {
    this.#send(CODES.SNAPSHOT_DUE, checkpoint, 0, 0)
    return this.st === this.#chart.leaf.snapshotting
  }
  onSnapshotTaken(checkpoint: number): void {
    this.#send(CODES.SNAPSHOT_TAKEN, checkpoint, 0, 0)
  }
  onTimer(code: number, checkpoint: number): void {
    if (code !== ALIGNMENT_TIMER) {
      this.subtask.outputTimeout(checkpoint)
      return
    }
    this.#send(CODES.TIMEOUT, checkpoint, 0, this.kind)
    // not before: what is given up meanwhile disarms it
    if (this.timed === checkpoint) this.timed = NONE
  }
  onEndOfInput(input: number): void {
    this.#send(CODES.END, this.current, input, this.kind)
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  /** True while a checkpoint has begun here and is neither complete nor given up. Flink: isCheckpointPending. */
  get isPending(): boolean {
    return this.current !== this.over
  }

  // guards; an event has a: checkpoint, b: input, ref: kind of its barrier
  alternates(): boolean {
    return this.#alternates
  }
  neverAligns(): boolean {
    return !this.#alternates
  }
  obsolete(e: ChartEvent): boolean {
    return e.a < this.current || (e.a === this.current && !this.isPending)
  }
  undecided(e: ChartEvent): boolean {
    return e.a === this.current && this.outcome === OPEN && this.open > 0
  }
  nonePending(_e: ChartEvent): boolean {
    return !this.isPending
  }
  overtakes(e: ChartEvent): boolean {
    return e.ref === UNALIGNED_BARRIER
  }
  last(e: ChartEvent): boolean {
    if (e.a > this.current) return this.open === 1
    return this.arrived + (this.seen.at(e.b) === 1 ? 0 : 1) === this.target
  }
  /** Later than in time: what comes at the very moment is not late. */
  late(e: ChartEvent): boolean {
    return e.ref === TIMED_BARRIER && this.host.nowUs - this.host.triggeredAtUs(e.a) > this.host.alignedTimeoutUs
  }
  /** Without a barrier that has been read, there is nothing that it could end. */
  cancels(e: ChartEvent): boolean {
    return e.a > this.current || (e.a === this.current && this.arrived > 0)
  }
  endAborts(_e: ChartEvent): boolean {
    return !this.#endsAlign
  }
  refused(): boolean {
    return this.refusal === 1
  }
  started(): boolean {
    return this.refusal === 0
  }
  taken(): boolean {
    return this.subtask.taking
  }
  notTaken(): boolean {
    return !this.subtask.taking
  }
  incomplete(): boolean {
    return this.arrived < this.target
  }
  completeUnaligned(): boolean {
    return this.overtaking === 1
  }
  completeAligned(): boolean {
    return this.overtaking === 0
  }

  // actions: the checkpoint
  /** Its first barrier or announcement; the others find it begun. */
  begin(e: ChartEvent): void {
    if (e.a <= this.current) return
    this.current = e.a
    this.kind = e.ref === ANNOUNCEMENT ? TIMED_BARRIER : e.ref
    this.arrived = 0
    this.target = this.open
    this.overtaking = 0
    this.outcome = OPEN
    this.seen.fill(0)
    if (this.kind !== TIMED_BARRIER || !this.#alternates) return
    const { host } = this
    this.timed = e.a
    host.armAlignmentTimer(e.a, Math.max(0, host.alignedTimeoutUs - (host.nowUs - host.triggeredAtUs(e.a))))
  }
  receive(e: ChartEvent): void {
    this.host.phase(P['barrier-received'])
    this.mark(e)
  }
  mark(e: ChartEvent): void {
    if (this.seen.at(e.b) === 1) return
    this.seen.set(e.b, 1)
    this.arrived += 1
  }
  complete(_e: ChartEvent): void {
    this.host.phase(P.aligned)
    this.over = this.current
    this.arrived = 0
    this.outcome = COMPLETE
  }
  /** A newer one drops what is pending without a word: what it has written so far is of no use any more. */
  cancel(e: ChartEvent): void {
    if (this.isPending && e.a > this.current) this.host.channelState.abort(this.current, false)
    this.current = Math.max(this.current, e.a)
    this.over = Math.max(this.over, e.a)
    this.#fail()
  }
  giveUpRefused(_e: ChartEvent): void {
    this.over = this.current
    this.#fail()
  }
  /** What was complete before a newer one was cancelled stays so. */
  #fail(): void {
    this.arrived = 0
    this.target = 0
    if (this.outcome === OPEN) this.outcome = FAILED
  }
  disarm(_e: ChartEvent): void {
    if (this.timed === NONE) return
    this.timed = NONE
    this.host.disarmAlignmentTimer()
  }

  // actions: inputs
  /** Its sender stands already, and does not go on before it is resumed. */
  block(e: ChartEvent): void {
    this.announced.set(e.b, 0)
    this.blocked.set(e.b, 1)
    this.host.block(e.b)
  }
  /** Only an aligned barrier makes its sender stand, also one that has been moved to the front. */
  blockStopped(e: ChartEvent): void {
    if (e.ref !== UNALIGNED_BARRIER) this.block(e)
  }
  /** The sender of an obsolete barrier must go on, although nothing was noted for it. */
  resume(e: ChartEvent): void {
    if (e.ref !== UNALIGNED_BARRIER) this.host.unblock(e.b)
  }
  releaseAll(_e: ChartEvent): void {
    this.announced.fill(0)
    for (let i = 0; i < this.blocked.size; i += 1) {
      if (this.blocked.at(i) === 0) continue
      this.blocked.set(i, 0)
      this.host.unblock(i)
    }
  }
  noteAnnouncement(e: ChartEvent): void {
    this.announced.set(e.b, 1)
  }
  prioritize(e: ChartEvent): void {
    this.host.prioritize(e.b)
  }
  prioritizeAnnounced(_e: ChartEvent): void {
    for (let i = 0; i < this.announced.size; i += 1) {
      if (this.announced.at(i) === 0) continue
      this.announced.set(i, 0)
      this.host.prioritize(i)
    }
  }
  /** How many inputs a pending checkpoint waits for stays as it was. */
  close(_e: ChartEvent): void {
    this.open -= 1
  }
  /** Nothing can be resumed or moved any more where the input has ended. */
  finishInput(e: ChartEvent): void {
    this.blocked.set(e.b, 0)
    this.announced.set(e.b, 0)
  }
  /** @throws CannotOvertake if the barrier must not */
  startPersisting(_e: ChartEvent): void {
    this.overtaking = 1
    this.refusal = this.host.startPersisting(this.current) ? 0 : 1
  }
  /** Of the checkpoint that is given up or cancelled, which may be newer than the one that persists. */
  stopPersisting(e: ChartEvent): void {
    this.host.stopPersisting(e.a)
  }
  stopPersisted(_e: ChartEvent): void {
    this.host.stopPersisting(this.current)
  }

  // actions: the snapshot
  /** @throws CannotOvertake if the barrier must not */
  initUnaligned(e: ChartEvent): void {
    if (this.kind !== UNALIGNED_BARRIER && this.kind !== TIMED_BARRIER)
      throw new CannotOvertake(`${this.name}: the barrier of checkpoint ${e.a} is not one that may overtake records`)
    this.#init(UNALIGNED)
  }
  /** The last barrier says it; at the end of an input, which is none, the first one. */
  initAligned(e: ChartEvent): void {
    this.#init(afterAligning(e.ref))
  }
  initTriggered(e: ChartEvent): void {
    this.#init(e.ref === 1 ? this.#asConfigured() : ALIGNED)
  }
  /** What a source sends. Flink: CheckpointOptions.forConfig. */
  #asConfigured(): AlignmentType {
    return this.host.alignedTimeoutUs === 0 ? UNALIGNED : ALIGNED_WITH_TIMEOUT
  }
  #init(alignment: AlignmentType): void {
    this.alignment = alignment
    this.subtask.initInputs(this.current, alignment)
  }
  requestSnapshot(_e: ChartEvent): void {
    this.host.requestSnapshot(this.current)
  }
  trigger(e: ChartEvent): void {
    this.subtask.trigger(e.a, this.alignment as AlignmentType)
  }
  startAsync(e: ChartEvent): void {
    this.subtask.taken(e.a)
  }
  abortCancelled(e: ChartEvent): void {
    this.#abort(e.a, 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER')
  }
  abortSuperseded(e: ChartEvent): void {
    this.#abort(e.a, 'CHECKPOINT_DECLINED_SUBSUMED')
  }
  abortEnded(e: ChartEvent): void {
    this.#abort(e.a, 'CHECKPOINT_DECLINED_INPUT_END_OF_STREAM')
  }
  abortRefused(_e: ChartEvent): void {
    this.#abort(this.current, 'CHECKPOINT_SUBSUMED')
  }
  #abort(checkpoint: number, reason: CheckpointFailureReason): void {
    this.subtask.abortOnBarrier(checkpoint, reason)
  }
}
/** How the barriers go out once those of all inputs are in place: as they would have come if the edge had let them. Flink: withUnalignedSupported. */
function afterAligning(kind: number): AlignmentType {
  if (kind === FORCED_UNALIGNED_BARRIER) return UNALIGNED
  return kind === TIMED_BARRIER || kind === FORCED_BARRIER ? ALIGNED_WITH_TIMEOUT : ALIGNED
}
