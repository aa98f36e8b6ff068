/**
 * The one request that is being turned into a checkpoint, from the queue to the triggers of its tasks. What it does to the rest
 * of the coordinator goes through `TriggerHost`.
 */
import { fields } from '../kernel/index.ts'
import { compiled, type Mutation, REASON } from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import type { CheckpointPlan } from './checkpoint-plan.ts'
import { checkpointTriggerChart } from './checkpoint-trigger.chart.ts'

/** In place of the code of a reason. */
export const NO_REASON = -1

export interface TriggerHost {
  /** Why this request cannot be granted now, or NO_REASON. */
  refusal(request: number): number
  /** Who takes part, or the code of the reason why nobody can. */
  plan(): CheckpointPlan | number
  currentExecution(): number
  readonly enumeratorCount: number
  drawId(): void
  /** The checkpoint has an id: it is pending, and its time runs. */
  openSlot(trigger: CheckpointTrigger, event: ChartEvent): void
  isPending(checkpoint: number): boolean
  /** Makes a place in storage for a checkpoint without enumerators: INITIALIZED comes. */
  initialize(): void
  snapshotEnumerators(checkpoint: number): void
  enumeratorState(ref: number): readonly number[]
  /** Nobody will acknowledge this checkpoint: events may go to the readers of the source again. */
  reopen(source: number, checkpoint: number): void
  triggerTasks(checkpoint: number, event: ChartEvent): void
  /** TRIGGER_FAILED comes. */
  failTriggerLater(): void
  triggerHasFailed(trigger: CheckpointTrigger): void
}

export class CheckpointTrigger extends fields({
  st: 'int',
  request: 'int',
  /** The execution that it was planned for. */
  execution: 'int',
  /** The checkpoint, once there is one; 0: none. */
  checkpoint: 'int',
  enumeratorsLeft: 'int',
  /** Code of the reason why it fails, or NO_REASON. */
  failure: 'int',
}) {
  plan: CheckpointPlan = { toTrigger: [], toWaitFor: [] }
  /** What the enumerators have handed over, by source. */
  enumerators = new Map<number, readonly number[]>()
  readonly host: TriggerHost
  readonly #chart: CompiledChart<CheckpointTrigger>
  readonly #idle: number

  constructor(host: TriggerHost, mutation: Mutation) {
    super()
    this.host = host
    this.#chart = compiled(checkpointTriggerChart, mutation)
    this.#idle = this.#chart.leaf.idle!
  }
  clear(event: ChartEvent): void {
    this.st = this.#chart.initialLeaf
    this.checkpoint = 0
    this.failure = NO_REASON
    this.send(checkpointTriggerChart.code.START, event)
  }
  get idle(): boolean {
    return this.st === this.#idle
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  send(code: number, event: ChartEvent): void {
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `the trigger of a checkpoint: ${checkpointTriggerChart.events[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  begin(request: number, event: ChartEvent): void {
    this.request = request
    this.execution = this.host.currentExecution()
    this.checkpoint = 0
    this.failure = NO_REASON
    const plan = this.host.plan()
    if (typeof plan === 'number') this.failure = plan
    else this.plan = plan
    this.send(checkpointTriggerChart.code.BEGIN, event)
  }
  /** Its checkpoint has been aborted before its tasks were told (FLINK-26394: nobody said so, and no other was triggered). */
  abandon(reason: number): void {
    this.#failLater(reason)
  }
  #failLater(reason: number): void {
    this.failure = reason
    this.host.failTriggerLater()
  }

  // guards; an id is a: checkpoint, a snapshot has a: source, b: checkpoint, ref: state
  refused(_e: ChartEvent): boolean {
    return this.host.refusal(this.request) !== NO_REASON
  }
  unplanned(_e: ChartEvent): boolean {
    return this.failure !== NO_REASON
  }
  notDrawn(e: ChartEvent): boolean {
    return e.a === 0
  }
  /** All tasks have finished: the id is lost. */
  nobodyLeft(_e: ChartEvent): boolean {
    return this.plan.toWaitFor.length === 0
  }
  noEnumerators(_e: ChartEvent): boolean {
    return this.host.enumeratorCount === 0
  }
  abandoned(_e: ChartEvent): boolean {
    return this.failure !== NO_REASON
  }
  /** It was aborted, and this trigger has not been told. */
  disposed(_e: ChartEvent): boolean {
    return !this.host.isPending(this.checkpoint)
  }
  foreignSnapshot(e: ChartEvent): boolean {
    return e.b !== this.checkpoint
  }
  lastEnumerator(_e: ChartEvent): boolean {
    return this.enumeratorsLeft === 1
  }

  // actions
  reportRefusal(_e: ChartEvent): void {
    this.failure = this.host.refusal(this.request)
    this.host.triggerHasFailed(this)
  }
  failUnplanned(_e: ChartEvent): void {
    this.#failLater(this.failure)
  }
  failUndrawn(_e: ChartEvent): void {
    this.#failLater(REASON.IO_EXCEPTION)
  }
  failRefused(_e: ChartEvent): void {
    this.#failLater(this.host.refusal(this.request))
  }
  failEmpty(_e: ChartEvent): void {
    this.#failLater(REASON.TRIGGER_CHECKPOINT_FAILURE)
  }
  reportDisposed(_e: ChartEvent): void {
    this.failure = REASON.TRIGGER_CHECKPOINT_FAILURE
    this.host.triggerHasFailed(this)
  }
  reportFailure(_e: ChartEvent): void {
    this.host.triggerHasFailed(this)
  }
  drawId(_e: ChartEvent): void {
    this.host.drawId()
  }
  createPending(e: ChartEvent): void {
    this.checkpoint = e.a
    this.enumerators = new Map()
    this.host.openSlot(this, e)
  }
  initialize(_e: ChartEvent): void {
    this.host.initialize()
  }
  snapshotEnumerators(_e: ChartEvent): void {
    this.enumeratorsLeft = this.host.enumeratorCount
    this.host.snapshotEnumerators(this.checkpoint)
  }
  recordEnumerator(e: ChartEvent): void {
    this.enumeratorsLeft -= 1
    this.enumerators.set(e.a, this.host.enumeratorState(e.ref))
  }
  /** Flink: OperatorCoordinatorCheckpointContext.abortCurrentTriggering. */
  reopen(e: ChartEvent): void {
    this.host.reopen(e.a, e.b)
  }
  triggerTasks(e: ChartEvent): void {
    this.host.triggerTasks(this.checkpoint, e)
  }
}
