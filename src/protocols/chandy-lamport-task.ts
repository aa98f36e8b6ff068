/**
 * The task's side of a distributed snapshot. Chandy and Lamport 1985, "Distributed Snapshots: Determining Global States of
 * Distributed Systems": a process records its state and, before it sends anything else, sends a marker on each of its channels.
 *
 * ```
 *   first marker n, or told to begin:  the snapshot is due (nothing is read before it), and all other inputs are recorded
 *   snapshot due:                      markers go out behind what has been emitted, the state is copied
 *   marker n on another input:         that input is recorded no longer
 *   marker n on the last input:        what was in flight to this task is known
 * ```
 *
 * The input of the first marker holds nothing: what its sender sent before the marker has been read, what it sends behind it is not
 * of this cut. A task that begins by itself records all of its inputs. Inputs are read on all the while.
 *
 * Several checkpoints may be on their way at once, each with its own recordings. Since channels are FIFO and a task sends markers
 * in rising order, a marker that comes on an input before that of an older checkpoint says that the older one's will never come.
 */
import { fields } from '../kernel/index.ts'
import { BARRIER, compiled, type Mutation, P, type RecordingTaskHost, type TaskProtocol } from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { ALIGNED } from './alignment-type.ts'
import { chandyLamportTaskChart } from './chandy-lamport-task.chart.ts'
import { InputRecordings } from './input-recordings.ts'
import { SubtaskCheckpointCoordinator } from './subtask-checkpoint-coordinator.ts'

const { START, MARKER, CANCEL, ABORT, END, TRIGGER, SNAPSHOT_DUE, SNAPSHOT_TAKEN } = chandyLamportTaskChart.code
const NONE = -1

export class ChandyLamportTask
  extends fields({
    st: 'int',
    /** Inputs that have not ended. */
    open: 'int',
    /** The newest checkpoint that has begun here, or has been given up. */
    latest: 'int',
  })
  implements TaskProtocol
{
  readonly host: RecordingTaskHost
  readonly name: string
  /** Checkpoints that record inputs, and whose markers have come on which. */
  readonly recording: InputRecordings
  readonly subtask: SubtaskCheckpointCoordinator
  readonly #chart: CompiledChart<ChandyLamportTask>
  readonly #event: ChartEvent = { a: 0, b: 0, ref: 0 }

  constructor(host: RecordingTaskHost, name: string, mutation: Mutation) {
    super()
    this.host = host
    this.name = name
    this.subtask = new SubtaskCheckpointCoordinator(host, name, mutation, { channelState: host.channelState })
    this.recording = new InputRecordings(host, this.subtask)
    this.#chart = compiled(chandyLamportTaskChart, mutation)
  }
  #send(code: number, checkpoint: number, input: number): void {
    this.#event.a = checkpoint
    this.#event.b = input
    if (!this.#chart.send(this, code, this.#event))
      throw new Error(
        `${this.name}: ${chandyLamportTaskChart.events[code]} of checkpoint ${checkpoint} is not expected in state ${this.describe()}`,
      )
  }

  reset(restored: number): void {
    this.st = this.#chart.initialLeaf
    this.open = this.host.inputs
    this.latest = restored
    this.recording.clear()
    this.subtask.reset(restored)
    this.#send(START, restored, NONE)
  }
  onControl(input: number, kind: number, checkpoint: number): void {
    this.#send(kind === BARRIER ? MARKER : CANCEL, checkpoint, input)
  }
  /** Told to begin, unless a marker has been faster. */
  onTrigger(checkpoint: number): void {
    this.#send(TRIGGER, checkpoint, NONE)
  }
  onAbort(checkpoint: number): void {
    this.#send(ABORT, checkpoint, NONE)
  }
  onComplete(checkpoint: number): void {
    this.subtask.confirm(checkpoint)
  }
  onSnapshotDue(checkpoint: number): boolean {
    this.#send(SNAPSHOT_DUE, checkpoint, NONE)
    return this.st === this.#chart.leaf.snapshotting
  }
  onSnapshotTaken(checkpoint: number): void {
    this.#send(SNAPSHOT_TAKEN, checkpoint, NONE)
  }
  onTimer(): void {
    // No timer is ever set.
  }
  onEndOfInput(input: number): void {
    this.#send(END, NONE, input)
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }

  // guards; an event has a: checkpoint, b: input
  /** Nobody may begin a checkpoint that is not above the last one: neither a late trigger nor a late marker. */
  news(e: ChartEvent): boolean {
    return e.a > this.latest
  }
  recorded(e: ChartEvent): boolean {
    return this.recording.has(e.a)
  }
  /** Also the only one, of a task that has a single input. */
  last(e: ChartEvent): boolean {
    return this.recording.isCompletedBy(e.a, e.b)
  }
  accepted(): boolean {
    return this.subtask.taking
  }
  refused(): boolean {
    return !this.subtask.taking
  }
  nothingToRecord(): boolean {
    return this.recording.newestIsComplete
  }
  somethingToRecord(): boolean {
    return !this.nothingToRecord()
  }

  // actions: a checkpoint begins
  begin(e: ChartEvent): void {
    this.latest = e.a
    this.recording.begin(e.a, this.open)
  }
  recordInputs(e: ChartEvent): void {
    for (let input = 0; input < this.host.inputs; input += 1) this.host.recordInput(e.a, input)
  }
  requestSnapshot(e: ChartEvent): void {
    this.host.requestSnapshot(e.a)
  }
  trigger(e: ChartEvent): void {
    this.subtask.trigger(e.a, ALIGNED)
  }
  startAsync(e: ChartEvent): void {
    this.subtask.taken(e.a)
  }

  // actions: an input
  receive(e: ChartEvent): void {
    this.host.phase(P['barrier-received'])
    this.recording.see(e.a, e.b)
  }
  stopInput(e: ChartEvent): void {
    this.host.stopRecording(e.a, e.b)
  }
  endInput(e: ChartEvent): void {
    this.open -= 1
    this.recording.end(e.b)
  }

  // actions: it is complete here, or given up
  complete(e: ChartEvent): void {
    this.host.phase(P.aligned)
    this.recording.close(e.a)
  }
  completeNewest(_e: ChartEvent): void {
    this.host.phase(P.aligned)
    this.recording.closeNewest()
  }
  forget(e: ChartEvent): void {
    this.recording.close(e.a)
  }
  forgetNewest(_e: ChartEvent): void {
    this.recording.closeNewest()
  }
  abortOvertaken(e: ChartEvent): void {
    this.recording.abortOvertaken(e.a, e.b)
  }
  abortCancelled(e: ChartEvent): void {
    this.latest = Math.max(this.latest, e.a)
    this.subtask.abortOnBarrier(e.a, 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER')
  }
  noteAbort(e: ChartEvent): void {
    this.subtask.notifyAborted(e.a)
  }
}
