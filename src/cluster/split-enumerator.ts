/**
 * The enumerator of one source on the job manager: hands splits out on request and takes them back after a failure.
 * Flink: SourceCoordinator with its assignment tracker; facts/checkpointing.md 2.7.
 *
 * Its part of a checkpoint is taken before the readers are triggered. From then until a reader has acknowledged, events to
 * that reader are held back (FLINK-21996, 23233), and an assignment that is not confirmed yet delays the checkpoint.
 */
import { cells, type Entity, fields, type KernelEvent } from '../kernel/index.ts'
import { C, type CompletedCheckpoint, compiled, E, ENUMERATOR_MESSAGES, N, P, T } from '../model/index.ts'
import { type CompiledChart, chart } from '../statechart/index.ts'
import type { ClusterContext, Leadership } from './cluster-context.ts'
import type { Network } from './network.ts'

export const splitEnumeratorChart = chart<SplitEnumerator>()('split-enumerator', {
  events: ENUMERATOR_MESSAGES,
  root: {
    initial: 'boot',
    on: { RESET: { target: '.serving', actions: 'reset' } },
    states: {
      boot: { on: { START: 'idle' } },
      idle: { on: { REQUEST: {}, CONFIRM: {}, SNAPSHOT: {}, OPEN: {}, COMPLETE: {} } },
      serving: {
        on: {
          REQUEST: [
            { guard: 'stale' },
            { guard: 'answered' },
            { guard: 'gated', actions: 'hold' },
            { actions: 'answer' },
          ],
          CONFIRM: [
            { guard: 'foreign' },
            { guard: 'unknown' },
            { guard: 'delaysSnapshot', actions: ['confirm', 'snapshotLater'] },
            { actions: 'confirm' },
          ],
          SNAPSHOT: [{ guard: 'assigning', actions: 'postpone' }, { actions: 'snapshot' }],
          OPEN: [{ guard: 'otherCheckpoint' }, { actions: 'open' }],
          COMPLETE: { actions: 'forgetOlder' },
        },
      },
    },
  },
})

interface Assignment {
  readonly split: number
  readonly subtask: number
  /** Number of the enumerator's snapshot after which it was made: the id of the checkpoint before it. */
  readonly after: number
}

export class SplitEnumerator
  extends fields({
    st: 'int',
    execution: 'int',
    /** Assignments that their reader has not confirmed. */
    inFlight: 'int',
    /** The checkpoint that waits for the confirmations; 0: none. */
    waiting: 'int',
    /** The last checkpoint that this enumerator has taken its part of. */
    lastSnapshot: 'int',
    /** Per reader: the checkpoint that keeps events from it, 0: none. */
    gate: cells('readers'),
    /** Per reader: 1 if a request waits behind the gate. */
    held: cells('readers'),
    /** Per reader: the split + 1 that was assigned and is not confirmed, so that duplicates are seen. */
    serving: cells('readers'),
    /** Per reader: 1 once it was told that no more splits come. */
    told: cells('readers'),
  })
  implements Entity
{
  readonly name: string
  readonly spec: number
  readonly #context: ClusterContext
  readonly #network: Network
  readonly #leadership: Leadership
  readonly #chart: CompiledChart<SplitEnumerator>
  #unassigned: number[] = []
  #assignments: Assignment[] = []
  readonly #refs: (readonly number[])[] = []
  readonly #ordinal: number

  /** @param ordinal place among the enumerators of the job */
  constructor(context: ClusterContext, network: Network, leadership: Leadership, spec: number, ordinal: number) {
    super({ readers: context.layout.bySpec[spec]!.length })
    this.spec = spec
    this.#ordinal = ordinal
    this.name = `enumerator of ${context.graph.vertices[spec]!.uid}`
    this.#context = context
    this.#network = network
    this.#leadership = leadership
    this.#chart = compiled(splitEnumeratorChart, context.mutation)
  }
  receive(code: number, event: KernelEvent): void {
    if (code === N.START) this.#boot()
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `${this.name}: ${ENUMERATOR_MESSAGES[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  #boot(): void {
    this.st = this.#chart.initialLeaf
    this.#unassigned = []
    this.#assignments = []
    this.#refs.length = 0
    this.lastSnapshot = 0
    this.#clear()
  }
  #clear(): void {
    this.inFlight = 0
    this.waiting = 0
    this.gate.fill(0)
    this.held.fill(0)
    this.serving.fill(0)
    this.told.fill(0)
  }
  state(ref: number): readonly number[] {
    return this.#refs[ref]!
  }
  #attempt(subtask: number): number {
    const execution = this.#context.execution(this.execution)
    return this.#context.attemptIn(execution, execution.shape.bySpec[this.spec]![subtask]!)!.id
  }

  // guards
  /** The request of an attempt that is not part of the current execution. */
  stale(e: KernelEvent): boolean {
    return this.foreign(e)
  }
  /** A second copy of a request that was answered already, or one that waits. */
  answered(e: KernelEvent): boolean {
    return this.serving.at(e.a) !== 0 || this.told.at(e.a) === 1 || this.held.at(e.a) === 1
  }
  gated(e: KernelEvent): boolean {
    return this.gate.at(e.a) !== 0
  }
  foreign(e: KernelEvent): boolean {
    return this.#context.attempt(e.b).execution !== this.execution
  }
  unknown(e: KernelEvent): boolean {
    return this.serving.at(this.#subtaskOf(e.b)) !== e.a + 1
  }
  assigning(_e: KernelEvent): boolean {
    return this.inFlight > 0
  }
  delaysSnapshot(_e: KernelEvent): boolean {
    return this.waiting !== 0 && this.inFlight === 1
  }
  otherCheckpoint(e: KernelEvent): boolean {
    return this.gate.at(e.a) !== e.b
  }

  // actions
  hold(e: KernelEvent): void {
    this.held.set(e.a, 1)
  }
  answer(e: KernelEvent): void {
    this.#answer(e.a)
  }
  #answer(subtask: number): void {
    const { addresses, observer } = this.#context
    const attempt = this.#context.attempt(this.#attempt(subtask))
    const task = addresses.task(attempt.vertex, attempt.taskManager)
    const split = this.#unassigned.shift()
    if (split === undefined) {
      this.told.set(subtask, 1)
      this.#network.rpc(E['split-assign'], task, T.NO_MORE_SPLITS, 0, 0, 0, attempt.id)
      return
    }
    this.#assignments.push({ split, subtask, after: this.lastSnapshot })
    observer.splitAssigned(attempt.branch, this.spec, split, subtask)
    this.inFlight += 1
    this.serving.set(subtask, split + 1)
    this.#network.rpc(E['split-assign'], task, T.ADD_SPLIT, split, 0, 0, attempt.id)
  }
  #subtaskOf(attempt: number): number {
    return this.#context.layout.vertices[this.#context.attempt(attempt).vertex]!.subtask
  }
  confirm(e: KernelEvent): void {
    this.serving.set(this.#subtaskOf(e.b), 0)
    this.inFlight -= 1
  }
  postpone(e: KernelEvent): void {
    this.waiting = e.a
  }
  snapshotLater(_e: KernelEvent): void {
    const checkpoint = this.waiting
    this.waiting = 0
    this.#snapshot(checkpoint)
  }
  snapshot(e: KernelEvent): void {
    this.#snapshot(e.a)
  }
  #snapshot(checkpoint: number): void {
    this.lastSnapshot = checkpoint
    this.gate.fill(checkpoint)
    this.#refs.push([...this.#unassigned])
    this.#context.kernel.local(
      this.#leadership.addresses.coordinator,
      C.SNAPSHOTTED,
      this.spec,
      checkpoint,
      (this.#ordinal << 16) | (this.#refs.length - 1),
    )
  }
  open(e: KernelEvent): void {
    this.gate.set(e.a, 0)
    if (this.held.at(e.a) === 0) return
    this.held.set(e.a, 0)
    this.#answer(e.a)
  }
  /** What was assigned before a completed checkpoint is in its readers' state. */
  forgetOlder(e: KernelEvent): void {
    this.#assignments = this.#assignments.filter((a) => this.#context.parts.goesBack(a.after, e.a))
  }
  /** A new leader takes the stored state; after a failure the splits assigned since the checkpoint come back. */
  reset(e: KernelEvent): void {
    const { observer, parts, splits } = this.#context
    const execution = this.#leadership.current
    const basis: CompletedCheckpoint | null = execution.basis
    const all = splits.get(this.spec)!.map((_, i) => i)
    if (e.b === 1) {
      this.#unassigned = basis === null ? all : [...basis.enumerators.get(this.spec)!]
      this.#assignments = []
      this.lastSnapshot = basis?.id ?? 0
    } else {
      const back = this.#assignments.filter((a) => parts.goesBack(a.after, basis?.id ?? 0)).map((a) => a.split)
      this.#assignments = this.#assignments.filter((a) => !parts.goesBack(a.after, basis?.id ?? 0))
      this.#unassigned = [...this.#unassigned, ...back].sort((a, b) => a - b)
    }
    this.#clear()
    this.execution = execution.number
    observer.phase(P['split-reset'])
    observer.enumeratorReset(execution.branch, this.spec, this.#unassigned)
  }
}
