/**
 * A slot for the asynchronous part of one snapshot. The subtask's machine owns the slots and hands them the events of their
 * checkpoint.
 */
import { fields } from '../kernel/index.ts'
import { compiled, type Mutation, type SubtaskHost } from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { asyncCheckpointChart } from './async-checkpoint.chart.ts'
import type { SubtaskListener } from './subtask-listener.ts'

export class AsyncCheckpoint extends fields({ st: 'int', id: 'int' }) {
  readonly host: SubtaskHost
  readonly #listener: SubtaskListener | undefined
  readonly #chart: CompiledChart<AsyncCheckpoint>

  constructor(host: SubtaskHost, listener: SubtaskListener | undefined, mutation: Mutation) {
    super()
    this.host = host
    this.#listener = listener
    this.#chart = compiled(asyncCheckpointChart, mutation)
  }
  get free(): boolean {
    return this.st === this.#chart.initialLeaf
  }
  /** True from its start until it has ended or has been cancelled. */
  get running(): boolean {
    return this.#chart.matches(this, 'running')
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  open(checkpoint: number, event: ChartEvent): void {
    this.st = this.#chart.initialLeaf
    this.id = checkpoint
    this.send(asyncCheckpointChart.code.START, event)
  }
  send(code: number, event: ChartEvent): void {
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `asynchronous part of checkpoint ${this.id}: ${asyncCheckpointChart.events[code]} is not expected in state ${this.describe()}`,
      )
  }

  // guards
  taskRuns(_e: ChartEvent): boolean {
    return this.host.running
  }

  // actions; an end has ref: file
  upload(_e: ChartEvent): void {
    this.host.upload(this.id)
  }
  acknowledge(e: ChartEvent): void {
    this.host.acknowledge(this.id, e.ref)
  }
  decline(_e: ChartEvent): void {
    this.host.decline(this.id, 'CHECKPOINT_ASYNC_EXCEPTION')
  }
  reportIncomplete(_e: ChartEvent): void {
    this.#listener?.incomplete(this.id)
  }
  discardFile(e: ChartEvent): void {
    this.host.discard(e.ref)
  }
}
