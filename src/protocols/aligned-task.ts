/**
 * The task's side of aligned exactly-once checkpoints.
 *
 * ```
 *   barrier n on an input: that input blocks          (records behind the barrier belong to the next cut)
 *   barrier n on the last input: the snapshot is due  (a mailbox message: nothing is read before it)
 *   snapshot due: barriers go out, state is copied, inputs are released
 * ```
 *
 * Rules that a naive model misses (facts/flink-behaviour.md 1-4, 36): an obsolete barrier must still resume its channel; a
 * cancellation of a newer checkpoint drops the older pending one without a word; an abort notice for a checkpoint that has not
 * been seen yet is remembered, and its barrier then only sends a cancellation on; the number of inputs to wait for is fixed by
 * the first barrier, and one that ends later counts as aligned.
 */
import { cells, fields } from '../kernel/index.ts'
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
import { alignedTaskChart } from './aligned-task.chart.ts'
import { ALIGNED } from './alignment-type.ts'
import { SubtaskCheckpointCoordinator } from './subtask-checkpoint-coordinator.ts'

const { START, TRIGGER, SNAPSHOT_DUE, SNAPSHOT_TAKEN, END, LATE } = alignedTaskChart.code

export class AlignedTask
  extends fields({
    st: 'int',
    /** The newest checkpoint seen in a barrier, trigger or cancellation. */
    current: 'int',
    /** Inputs whose barrier of it has arrived, or that have ended since the first one arrived. */
    arrived: 'int',
    /** Inputs that were open when its first barrier arrived: it takes that many. Flink: targetChannelCount. */
    target: 'int',
    /** Inputs that have not ended. */
    open: 'int',
    /** Per input: 1 from its barrier until it is released. */
    blocked: cells('inputs'),
  })
  implements TaskProtocol
{
  readonly host: TaskHost
  readonly name: string
  readonly subtask: SubtaskCheckpointCoordinator
  readonly #chart: CompiledChart<AlignedTask>
  readonly #endsAlign: boolean
  readonly #event: ChartEvent = { a: 0, b: 0, ref: 0 }

  /** @param endsAlign true if an input that ends counts as aligned, false if its end aborts. Flink: execution.checkpointing.checkpoints-after-tasks-finish, on by default */
  constructor(host: TaskHost, name: string, mutation: Mutation, endsAlign = true) {
    super({ inputs: host.inputs })
    this.#endsAlign = endsAlign
    this.host = host
    this.name = name
    this.subtask = new SubtaskCheckpointCoordinator(host, name, mutation)
    this.#chart = compiled(alignedTaskChart, mutation)
  }
  #send(code: number, checkpoint: number, input: number): void {
    this.#event.a = checkpoint
    this.#event.b = input
    if (!this.#chart.send(this, code, this.#event))
      throw new Error(
        `${this.name}: ${alignedTaskChart.events[code]} of checkpoint ${checkpoint} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }

  reset(restored: number): void {
    this.st = this.#chart.initialLeaf
    this.current = restored
    this.arrived = 0
    this.target = 0
    this.open = this.host.inputs
    this.blocked.fill(0)
    this.subtask.reset(restored)
    this.#send(START, restored, 0)
  }
  onControl(input: number, kind: number, checkpoint: number): void {
    this.#send(kind === BARRIER ? alignedTaskChart.code.BARRIER : alignedTaskChart.code.CANCEL, checkpoint, input)
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
  onTimer(_code: number, a: number): void {
    this.#send(LATE, a, 0)
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  onEndOfInput(input: number): void {
    this.#send(END, this.current, input)
  }

  // guards
  obsolete(e: ChartEvent): boolean {
    return e.a <= this.current && !(e.a === this.current && this.arrived > 0)
  }
  newer(e: ChartEvent): boolean {
    return e.a > this.current
  }
  last(e: ChartEvent): boolean {
    return e.a > this.current ? this.open === 1 : this.arrived + 1 === this.target
  }
  cancelsNewer(e: ChartEvent): boolean {
    return e.a > this.current
  }
  cancelsCurrent(e: ChartEvent): boolean {
    return e.a === this.current
  }
  endAborts(_e: ChartEvent): boolean {
    return !this.#endsAlign
  }
  accepted(): boolean {
    return this.subtask.taking
  }
  refused(): boolean {
    return !this.subtask.taking
  }

  // actions
  begin(e: ChartEvent): void {
    this.current = e.a
    this.arrived = 0
    this.target = this.open
  }
  align(e: ChartEvent): void {
    this.arrived += 1
    this.host.phase(P['barrier-received'])
    this.block(e)
  }
  block(e: ChartEvent): void {
    this.blocked.set(e.b, 1)
    this.host.block(e.b)
  }
  /** How many inputs a pending checkpoint waits for stays as it was. */
  close(_e: ChartEvent): void {
    this.open -= 1
  }
  alignEnded(_e: ChartEvent): void {
    this.arrived += 1
  }
  /** An obsolete barrier: its sender must go on, although nothing was noted for it. */
  resume(e: ChartEvent): void {
    this.host.unblock(e.b)
  }
  releaseAll(): void {
    this.arrived = 0
    for (let i = 0; i < this.blocked.size; i += 1) {
      if (this.blocked.at(i) === 0) continue
      this.blocked.set(i, 0)
      this.host.unblock(i)
    }
  }
  requestSnapshot(e: ChartEvent): void {
    this.host.phase(P.aligned)
    this.host.requestSnapshot(e.a)
  }
  requestSnapshotNow(e: ChartEvent): void {
    this.host.requestSnapshot(e.a)
  }
  /** Remembers that this checkpoint will not be taken here. */
  cancel(e: ChartEvent): void {
    this.current = Math.max(this.current, e.a)
    this.arrived = 0
  }
  abortCancelled(e: ChartEvent): void {
    this.#abort(e.a, 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER')
  }
  /** A newer barrier ends the alignment of the pending checkpoint. */
  abortSuperseded(_e: ChartEvent): void {
    this.#abort(this.current, 'CHECKPOINT_DECLINED_SUBSUMED')
  }
  abortEnded(e: ChartEvent): void {
    this.#abort(e.a, 'CHECKPOINT_DECLINED_INPUT_END_OF_STREAM')
  }
  #abort(checkpoint: number, reason: CheckpointFailureReason): void {
    this.subtask.abortOnBarrier(checkpoint, reason)
  }
  trigger(e: ChartEvent): void {
    this.subtask.trigger(e.a, ALIGNED)
  }
  startAsync(e: ChartEvent): void {
    this.subtask.taken(e.a)
  }
}
