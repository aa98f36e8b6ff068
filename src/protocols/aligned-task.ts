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
 * been seen yet is remembered, and its barrier then only sends a cancellation on.
 */
import { cells, fields } from '../kernel/index.ts'
import { BARRIER, CANCEL, compiled, type Mutation, P, type TaskHost, type TaskProtocol } from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { alignedTaskChart } from './aligned-task.chart.ts'

const { START, TRIGGER, SNAPSHOT_DUE, SNAPSHOT_TAKEN, LATE } = alignedTaskChart.code
/** Abort notices remembered for checkpoints that have not been seen. Flink: maxRecordAbortedCheckpoints. */
const REMEMBERED = 8

export class AlignedTask
  extends fields({
    st: 'int',
    /** The newest checkpoint seen in a barrier, trigger or cancellation. */
    current: 'int',
    /** Barriers of it that have arrived. */
    arrived: 'int',
    /** The newest checkpoint snapshotted or given up; Flink: lastCheckpointId. */
    lastCheckpoint: 'int',
    /** The newest checkpoint known as complete; Flink: latestReportCheckpointId, which starts at the restored one. */
    confirmed: 'int',
    aborted: cells(REMEMBERED),
    nextAborted: 'int',
  })
  implements TaskProtocol
{
  readonly host: TaskHost
  readonly name: string
  readonly #chart: CompiledChart<AlignedTask>
  readonly #event: ChartEvent = { a: 0, b: 0, ref: 0 }

  constructor(host: TaskHost, name: string, mutation: Mutation) {
    super()
    this.host = host
    this.name = name
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
    this.lastCheckpoint = restored
    this.confirmed = 0
    this.aborted.fill(0)
    this.#send(START, restored, 0)
  }
  onControl(input: number, kind: number, checkpoint: number): void {
    this.#send(kind === BARRIER ? alignedTaskChart.code.BARRIER : alignedTaskChart.code.CANCEL, checkpoint, input)
  }
  onTrigger(checkpoint: number): void {
    this.#send(TRIGGER, checkpoint, 0)
  }
  onAbort(checkpoint: number): void {
    if (checkpoint <= this.lastCheckpoint) {
      this.host.cancelAsync(checkpoint)
      return
    }
    this.aborted.set(this.nextAborted, checkpoint)
    this.nextAborted = (this.nextAborted + 1) % REMEMBERED
  }
  onComplete(checkpoint: number): boolean {
    if (checkpoint <= this.confirmed) return false
    this.confirmed = checkpoint
    return true
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
  onEndOfInput(_input: number): void {
    // All tasks stay until the last checkpoint is complete, so an ended input still carries barriers.
  }

  // guards
  obsolete(e: ChartEvent): boolean {
    return e.a <= this.current && !(e.a === this.current && this.arrived > 0)
  }
  newer(e: ChartEvent): boolean {
    return e.a > this.current
  }
  last(e: ChartEvent): boolean {
    return (e.a > this.current ? 0 : this.arrived) + 1 === this.host.inputs
  }
  cancelsNewer(e: ChartEvent): boolean {
    return e.a > this.current
  }
  cancelsCurrent(e: ChartEvent): boolean {
    return e.a === this.current
  }
  outOfOrder(e: ChartEvent): boolean {
    return e.a <= this.lastCheckpoint
  }
  abortedBefore(e: ChartEvent): boolean {
    for (let i = 0; i < REMEMBERED; i += 1) if (this.aborted.at(i) === e.a) return true
    return false
  }

  // actions
  /** The restored checkpoint was complete: a notice of it, or of an older one, comes from before the restore (FLINK-24096). */
  knowRestored(e: ChartEvent): void {
    this.confirmed = e.a
  }
  begin(e: ChartEvent): void {
    this.current = e.a
    this.arrived = 0
  }
  align(e: ChartEvent): void {
    this.arrived += 1
    this.host.phase(P['barrier-received'])
    this.block(e)
  }
  block(e: ChartEvent): void {
    this.host.block(e.b)
  }
  /** An obsolete barrier: its sender must go on, although nothing was noted for it. */
  resume(e: ChartEvent): void {
    this.host.unblock(e.b)
  }
  releaseAll(): void {
    this.arrived = 0
    for (let i = 0; i < this.host.inputs; i += 1) this.host.unblock(i)
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
  /** Flink: abortCheckpointOnBarrier. */
  abortLocally(e: ChartEvent): void {
    this.lastCheckpoint = Math.max(this.lastCheckpoint, e.a)
    this.host.broadcast(CANCEL, e.a)
    this.host.decline(e.a)
  }
  /** A newer barrier ends the alignment of the pending checkpoint. Flink: CHECKPOINT_DECLINED_SUBSUMED. */
  abortSuperseded(_e: ChartEvent): void {
    this.lastCheckpoint = Math.max(this.lastCheckpoint, this.current)
    this.host.broadcast(CANCEL, this.current)
    this.host.decline(this.current)
  }
  skip(e: ChartEvent): void {
    this.lastCheckpoint = e.a
  }
  /** The abort notice came before the barrier: tell downstream not to wait (FLINK-18238). */
  forwardCancel(e: ChartEvent): void {
    this.host.broadcast(CANCEL, e.a)
  }
  accept(e: ChartEvent): void {
    this.lastCheckpoint = e.a
  }
}
