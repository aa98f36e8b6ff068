import { taskChart } from '../../cluster/index.ts'
import { fields } from '../../kernel/index.ts'
import { compiled, OK, T } from '../../model/index.ts'
import type { Chart, ChartEvent, CompiledChart } from '../../statechart/index.ts'
import { ORIGINAL } from './original.ts'

/** What happens in a running task. */
export interface TaskBody {
  triggered(checkpoint: number, operand: number): void
  completionNoticed(checkpoint: number): void
  abortNoticed(checkpoint: number): void
  serialized(checkpoint: number): void
  stored(checkpoint: number, done: boolean): void
}
type TaskMessage = keyof typeof T

/**
 * The life of the attempts of one task, by the chart of the simulator's tasks. What the chart does to a simulated task is here a
 * line of the trace, or is not traced at all.
 */
export class TaskLife extends fields({ st: 'int', attempt: 'int' }) {
  readonly #body: TaskBody
  readonly #chart: CompiledChart<TaskLife>

  constructor(body: TaskBody) {
    super()
    this.#body = body
    // the chart is typed for the simulator's task; that this one has all that it names is checked here
    this.#chart = compiled(taskChart as unknown as Chart<TaskLife, TaskMessage>, ORIGINAL)
    this.st = this.#chart.initialLeaf
    this.attempt = 0
    this.#chart.check(this)
    this.send('START')
  }
  get running(): boolean {
    return this.#chart.matches(this, 'running')
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  /** @param a the message's operand: an attempt, or a checkpoint */
  send(message: TaskMessage, a = 0, b = 0): void {
    if (!this.#chart.send(this, T[message], { a, b, ref: 0 }))
      throw new Error(`a task gets ${message}, which is not expected in state ${this.describe()}`)
  }

  // guards
  fresh(e: ChartEvent): boolean {
    return e.a > this.attempt
  }
  fetchFailed(_e: ChartEvent): boolean {
    return false
  }
  moreToFetch(_e: ChartEvent): boolean {
    return false
  }
  recovered(_e: ChartEvent): boolean {
    return true
  }
  awaitsCredit(_e: ChartEvent): boolean {
    return false
  }

  // actions that the trace tells of
  fetch(e: ChartEvent): void {
    this.attempt = e.a
  }
  mailTrigger(e: ChartEvent): void {
    this.#body.triggered(e.a, e.b)
  }
  mailComplete(e: ChartEvent): void {
    this.#body.completionNoticed(e.a)
  }
  mailAbort(e: ChartEvent): void {
    this.#body.abortNoticed(e.a)
  }
  serialized(e: ChartEvent): void {
    this.#body.serialized(e.a)
  }
  stored(e: ChartEvent): void {
    this.#body.stored(e.a, e.b === OK)
  }

  // actions that it does not tell of
  fetchNext(_e: ChartEvent): void {}
  restore(_e: ChartEvent): void {}
  recoverNext(_e: ChartEvent): void {}
  start(_e: ChartEvent): void {}
  halt(_e: ChartEvent): void {}
  fail(_e: ChartEvent): void {}
  disconnect(_e: ChartEvent): void {}
  reportCancelled(_e: ChartEvent): void {}
  reportFailure(_e: ChartEvent): void {}
  step(_e: ChartEvent): void {}
  mailSplit(_e: ChartEvent): void {}
  mailNoMoreSplits(_e: ChartEvent): void {}
  protocolTimer(_e: ChartEvent): void {}
}
