/**
 * The task's side of at-least-once checkpoints.
 *
 * ```
 *   barrier n on an input: counted, and the input is read on   (records behind it may enter the snapshot, and come again)
 *   barrier n on the last input: the snapshot is due           (a mailbox message: nothing is read before it)
 *   snapshot due: barriers go out, state is copied
 * ```
 *
 * What a restore repeats are the records that came on an input between its barrier and the last barrier; nothing is lost.
 *
 * Rules that a naive model misses (facts/flink-behaviour.md 13-16): a completion forgets the older checkpoints without a word, a
 * cancellation aborts them; an aborted checkpoint is counted on until its last barrier; with one open input nothing is counted at
 * all, so that the same id may come again; an input that ends stands for its barrier in the newest checkpoint that lacks no other,
 * and in all newer ones.
 */
import { fields } from '../kernel/index.ts'
import {
  BARRIER,
  type CheckpointFailureReason,
  compiled,
  type Mutation,
  P,
  type TaskHost,
  type TaskProtocol,
} from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { ALIGNED } from './alignment-type.ts'
import { atLeastOnceTaskChart } from './at-least-once-task.chart.ts'
import { BarrierCounts } from './barrier-counts.ts'
import { SubtaskCheckpointCoordinator } from './subtask-checkpoint-coordinator.ts'

const { START, END, TRIGGER, SNAPSHOT_DUE, SNAPSHOT_TAKEN } = atLeastOnceTaskChart.code
const NONE = -1

export class AtLeastOnceTask
  extends fields({
    st: 'int',
    /** Inputs that have not ended. */
    open: 'int',
    /** The newest checkpoint that has ever been counted; Flink: latestPendingCheckpointID. */
    latest: 'int',
  })
  implements TaskProtocol
{
  readonly host: TaskHost
  readonly name: string
  readonly pending: BarrierCounts
  readonly subtask: SubtaskCheckpointCoordinator
  readonly #chart: CompiledChart<AtLeastOnceTask>
  readonly #endsCount: boolean
  readonly #event: ChartEvent = { a: 0, b: 0, ref: 0 }

  /** @param endsCount true if an input that ends stands for its barrier, false if its end aborts. Flink: execution.checkpointing.checkpoints-after-tasks-finish, on by default */
  constructor(host: TaskHost, name: string, mutation: Mutation, endsCount = true) {
    super()
    this.host = host
    this.name = name
    this.pending = new BarrierCounts(host.inputs)
    this.subtask = new SubtaskCheckpointCoordinator(host, name, mutation)
    this.#endsCount = endsCount
    this.#chart = compiled(atLeastOnceTaskChart, mutation)
  }
  #send(code: number, checkpoint: number, input: number): void {
    this.#event.a = checkpoint
    this.#event.b = input
    if (!this.#chart.send(this, code, this.#event))
      throw new Error(
        `${this.name}: ${atLeastOnceTaskChart.events[code]} of checkpoint ${checkpoint} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }

  reset(restored: number): void {
    this.st = this.#chart.initialLeaf
    this.open = this.host.inputs
    this.latest = NONE
    this.pending.clear()
    this.subtask.reset(restored)
    this.#send(START, restored, 0)
  }
  onControl(input: number, kind: number, checkpoint: number): void {
    this.#send(
      kind === BARRIER ? atLeastOnceTaskChart.code.BARRIER : atLeastOnceTaskChart.code.CANCEL,
      checkpoint,
      input,
    )
  }
  onTrigger(checkpoint: number, _mayOvertake: boolean): void {
    this.#send(TRIGGER, checkpoint, 0)
  }
  onAbort(checkpoint: number): void {
    this.subtask.notifyAborted(checkpoint)
  }
  onComplete(checkpoint: number): void {
    this.subtask.confirm(checkpoint)
  }
  onSnapshotDue(checkpoint: number): boolean {
    this.#send(SNAPSHOT_DUE, checkpoint, 0)
    return this.st === this.#chart.leaf.snapshotting
  }
  onSnapshotTaken(checkpoint: number): void {
    this.#send(SNAPSHOT_TAKEN, checkpoint, 0)
  }
  onTimer(): void {
    // No timer is ever set.
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  onEndOfInput(input: number): void {
    this.#send(END, NONE, input)
  }

  // guards
  onlyInput(e: ChartEvent): boolean {
    return this.open === 1 && e.a > this.latest
  }
  tracked(e: ChartEvent): boolean {
    return this.pending.placeOf(e.a) !== NONE
  }
  first(e: ChartEvent): boolean {
    return e.a > this.latest
  }
  last(e: ChartEvent): boolean {
    const place = this.pending.placeOf(e.a)
    return place !== NONE && this.pending.isCompletedBy(place, e.b)
  }
  aborted(e: ChartEvent): boolean {
    const place = this.pending.placeOf(e.a)
    return place !== NONE && this.pending.aborted.at(place) === 1
  }
  lastOfAborted(e: ChartEvent): boolean {
    return this.aborted(e) && this.last(e)
  }
  endAborts(_e: ChartEvent): boolean {
    return !this.#endsCount
  }
  lastByEnd(e: ChartEvent): boolean {
    return this.pending.newestCompletedBy(e.b) !== NONE
  }
  endOfAborted(e: ChartEvent): boolean {
    const place = this.pending.newestCompletedBy(e.b)
    return place !== NONE && this.pending.aborted.at(place) === 1
  }
  /** A trigger of the coordinator that comes late. */
  obsolete(e: ChartEvent): boolean {
    return e.a <= this.subtask.last
  }
  accepted(): boolean {
    return this.subtask.taking
  }
  refused(): boolean {
    return !this.subtask.taking
  }

  // actions
  track(e: ChartEvent): void {
    this.latest = e.a
    this.pending.add(e.a, this.open, false)
  }
  trackAborted(e: ChartEvent): void {
    this.latest = e.a
    this.pending.add(e.a, this.open, true)
  }
  markAborted(e: ChartEvent): void {
    this.pending.aborted.set(this.pending.placeOf(e.a), 1)
  }
  receive(_e: ChartEvent): void {
    this.host.phase(P['barrier-received'])
  }
  count(e: ChartEvent): void {
    this.pending.see(this.pending.placeOf(e.a), e.b)
  }
  /** All barriers of it have come: it and the older ones are over. */
  forget(e: ChartEvent): void {
    this.pending.dropThrough(this.pending.placeOf(e.a))
  }
  requestSnapshot(e: ChartEvent): void {
    this.#request(e.a)
  }
  #request(checkpoint: number): void {
    this.host.phase(P.aligned)
    this.host.requestSnapshot(checkpoint)
  }
  abortCancelled(e: ChartEvent): void {
    this.#abort(e.a, 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER')
  }
  /** A cancellation drops all older checkpoints, and says so of each that had not been aborted. */
  abortOlder(e: ChartEvent): void {
    const { pending } = this
    while (pending.length > 0 && pending.ids.at(0) < e.a)
      this.#abortOldest('CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER')
  }
  abortEnded(_e: ChartEvent): void {
    while (this.pending.length > 0) this.#abortOldest('CHECKPOINT_DECLINED_INPUT_END_OF_STREAM')
  }
  #abortOldest(reason: CheckpointFailureReason): void {
    const { pending } = this
    const checkpoint = pending.ids.at(0)
    const again = pending.aborted.at(0) === 1
    pending.dropThrough(0)
    if (!again) this.#abort(checkpoint, reason)
  }
  #abort(checkpoint: number, reason: CheckpointFailureReason): void {
    this.subtask.abortOnBarrier(checkpoint, reason)
  }
  close(_e: ChartEvent): void {
    this.open -= 1
  }
  /** The ended input stands for its barrier in the newest checkpoint that it completes and in all newer ones, in no older one. */
  countEnd(e: ChartEvent): void {
    const oldest = Math.max(0, this.pending.newestCompletedBy(e.b))
    for (let place = this.pending.length - 1; place >= oldest; place -= 1) this.pending.see(place, e.b)
  }
  requestEnded(e: ChartEvent): void {
    this.#request(this.pending.ids.at(this.pending.newestCompletedBy(e.b)))
  }
  forgetEnded(e: ChartEvent): void {
    this.pending.dropThrough(this.pending.newestCompletedBy(e.b))
  }
  trigger(e: ChartEvent): void {
    this.subtask.trigger(e.a, ALIGNED)
  }
  startAsync(e: ChartEvent): void {
    this.subtask.taken(e.a)
  }
}
