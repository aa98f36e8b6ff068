/**
 * The task's side of aligned barriers in a graph with loops. Carbone, Fóra, Ewen, Haridi and Tzoumas 2015, "Lightweight
 * Asynchronous Snapshots for Distributed Dataflows", section 4.3. Back edges are those that lead back to the head of a loop: what
 * closes a loop is known statically.
 *
 * ```
 *   barrier n on an input that is no back edge:   that input blocks
 *   barrier n on the last of them:                the snapshot is due; back edges are read on, and not waited for
 *   snapshot due:                                 barriers go out, also on back edges, and the state is copied;
 *                                                 from here on, what comes on a back edge is logged, and handed over as well
 *   barrier n on a back edge:                     it has come round: nothing more of that edge is logged
 *   barrier n on the last back edge:              the snapshot is the copy and the log
 * ```
 *
 * If a back edge were waited for as the other inputs are, its barrier would never come: it is the one that this task is to send. A
 * restore hands what was logged to the task before whatever comes anew.
 *
 * Several checkpoints may be on their way at once, each with its own log. Channels are FIFO and barriers are sent in rising order,
 * so that one that comes round before that of an older checkpoint says that the older one's will never come.
 */
import { cells, fields } from '../kernel/index.ts'
import { BARRIER, compiled, type Mutation, P, type RecordingTaskHost, type TaskProtocol } from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { ALIGNED } from './alignment-type.ts'
import { barriersCyclicTaskChart } from './barriers-cyclic-task.chart.ts'
import { InputRecordings } from './input-recordings.ts'
import { SubtaskCheckpointCoordinator } from './subtask-checkpoint-coordinator.ts'

const { START, CANCEL, ABORT, END, TRIGGER, SNAPSHOT_DUE, SNAPSHOT_TAKEN, LATE } = barriersCyclicTaskChart.code
const NONE = -1

export class BarriersCyclicTask
  extends fields({
    st: 'int',
    /** The newest checkpoint seen in a barrier, trigger or cancellation. */
    current: 'int',
    /** The first input that is a back edge: those behind it are, too. */
    firstBackEdge: 'int',
    /** Inputs whose barrier of it has arrived, or that have ended since the first one arrived; without back edges. */
    arrived: 'int',
    /** Inputs that were open when its first barrier arrived: it takes that many. */
    target: 'int',
    /** Inputs that have not ended: back edges, and the others. */
    openBackEdges: 'int',
    open: 'int',
    /** Per input: 1 from its barrier until it is released. */
    blocked: cells('inputs'),
  })
  implements TaskProtocol
{
  readonly host: RecordingTaskHost
  readonly name: string
  /** Checkpoints whose log is open, and on which back edges their barriers have come round. */
  readonly logs: InputRecordings
  readonly subtask: SubtaskCheckpointCoordinator
  readonly #chart: CompiledChart<BarriersCyclicTask>
  readonly #event: ChartEvent = { a: 0, b: 0, ref: 0 }

  constructor(host: RecordingTaskHost, name: string, mutation: Mutation) {
    super({ inputs: host.inputs })
    this.host = host
    this.name = name
    this.subtask = new SubtaskCheckpointCoordinator(host, name, mutation, { channelState: host.channelState })
    this.logs = new InputRecordings(host, this.subtask)
    this.#chart = compiled(barriersCyclicTaskChart, mutation)
  }
  #send(code: number, checkpoint: number, input: number): void {
    this.#event.a = checkpoint
    this.#event.b = input
    if (!this.#chart.send(this, code, this.#event))
      throw new Error(
        `${this.name}: ${barriersCyclicTaskChart.events[code]} of checkpoint ${checkpoint} is not expected in state ${this.describe()}`,
      )
  }

  reset(restored: number): void {
    this.st = this.#chart.initialLeaf
    this.current = restored
    this.arrived = 0
    this.target = 0
    this.blocked.fill(0)
    this.logs.clear()
    this.subtask.reset(restored)
    this.#send(START, restored, NONE)
  }
  onControl(input: number, kind: number, checkpoint: number): void {
    this.#send(kind === BARRIER ? barriersCyclicTaskChart.code.BARRIER : CANCEL, checkpoint, input)
  }
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
  onTimer(_code: number, a: number): void {
    this.#send(LATE, a, NONE)
  }
  onEndOfInput(input: number): void {
    this.#send(END, this.current, input)
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }

  // guards; an event has a: checkpoint, b: input
  onBackEdge(e: ChartEvent): boolean {
    return e.b >= this.firstBackEdge
  }
  /** A barrier on a back edge is one that has come round; a notice comes on no input. */
  isLogged(e: ChartEvent): boolean {
    return (e.b === NONE || this.onBackEdge(e)) && this.logs.has(e.a)
  }
  endsLog(e: ChartEvent): boolean {
    return this.isLogged(e) && this.logs.isCompletedBy(e.a, e.b)
  }
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
  cancels(e: ChartEvent): boolean {
    return e.a >= this.current
  }
  accepted(): boolean {
    return this.subtask.taking
  }
  refused(): boolean {
    return !this.subtask.taking
  }

  // actions: alignment
  findBackEdges(_e: ChartEvent): void {
    const { inputs, feedbackInputs = 0 } = this.host
    this.firstBackEdge = inputs - feedbackInputs
    this.open = this.firstBackEdge
    this.openBackEdges = feedbackInputs
  }
  begin(e: ChartEvent): void {
    this.current = e.a
    this.arrived = 0
    this.target = this.open
  }
  align(e: ChartEvent): void {
    this.arrived += 1
    this.host.phase(P['barrier-received'])
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
  trigger(e: ChartEvent): void {
    this.subtask.trigger(e.a, ALIGNED)
  }
  startAsync(e: ChartEvent): void {
    this.subtask.taken(e.a)
  }
  /** Remembers that this checkpoint will not be taken here. */
  cancel(e: ChartEvent): void {
    this.current = Math.max(this.current, e.a)
    this.arrived = 0
  }

  // actions: the log
  openLog(e: ChartEvent): void {
    if (this.openBackEdges === 0) return
    this.logs.begin(e.a, this.openBackEdges)
    this.logBackEdges(e)
  }
  /** From now on. */
  logBackEdges(e: ChartEvent): void {
    for (let input = this.firstBackEdge; input < this.host.inputs; input += 1) this.host.recordInput(e.a, input)
  }
  receive(e: ChartEvent): void {
    this.host.phase(P['barrier-received'])
    this.logs.see(e.a, e.b)
  }
  stopLogging(e: ChartEvent): void {
    this.host.stopRecording(e.a, e.b)
  }
  closeLog(e: ChartEvent): void {
    this.logs.close(e.a)
  }
  endBackEdge(e: ChartEvent): void {
    this.openBackEdges -= 1
    this.logs.end(e.b)
  }

  // actions: a checkpoint is given up
  noteAbort(e: ChartEvent): void {
    this.subtask.notifyAborted(e.a)
  }
  abortCancelled(e: ChartEvent): void {
    this.subtask.abortOnBarrier(e.a, 'CHECKPOINT_DECLINED_ON_CANCELLATION_BARRIER')
  }
  /** A newer barrier ends the alignment of the pending checkpoint. */
  abortSuperseded(_e: ChartEvent): void {
    this.subtask.abortOnBarrier(this.current, 'CHECKPOINT_DECLINED_SUBSUMED')
  }
  abortOvertaken(e: ChartEvent): void {
    this.logs.abortOvertaken(e.a, e.b)
  }
}
