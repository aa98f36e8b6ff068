/**
 * The job of the real cluster, by the chart of our job manager: what starts it, fails it and restarts it. Flink's states are other
 * cuts through the same life:
 *
 * ```
 *   Flink   CREATED            RUNNING                     RESTARTING                RUNNING
 *   ours    recovering  |  deploying, running  |  cancelling, backingOff  |  restoring, deploying, running
 * ```
 *
 * A job that its user cancels, or that is given up, ends outside of the chart: the simulator's jobs are not cancelled.
 */
import { jobManagerChart, verticesToRestart } from '../../cluster/index.ts'
import { fields } from '../../kernel/index.ts'
import { compiled, J } from '../../model/index.ts'
import type { Chart, ChartEvent, CompiledChart } from '../../statechart/index.ts'
import { attemptId } from './coordinator-wiring.ts'
import type { Debts } from './debts.ts'
import { statesAfter } from './execution-state.ts'
import type { TracedLayout } from './infer-layout.ts'
import { isGlobal } from './infer-settings.ts'
import { NotAllowed } from './not-allowed.ts'
import { ORIGINAL } from './original.ts'
import type { EventOf, JobEvent } from './trace-event.ts'
import type { TracedCoordinator } from './traced-coordinator.ts'
import type { TracedTask } from './traced-task.ts'

/** What the job needs of the rest of the traced cluster. */
export interface JobSurroundings {
  readonly nowMs: number
  readonly debts: Debts
  readonly tasks: readonly TracedTask[]
  readonly coordinator: TracedCoordinator
  isDead(proc: string): boolean
}
type JobMessage = keyof typeof J
/** Why the job is restarted: a task, or too many failed checkpoints. */
interface Restart {
  /** null: no task is to blame. */
  readonly task: TracedTask | null
  readonly attempt: number
}

/** Where a job's state goes by more than a look at its tasks: what this trace has shown must have led there. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
  CANCELLING: ['CREATED', 'RUNNING', 'RESTARTING'],
  CANCELED: ['CANCELLING'],
  FAILING: ['RUNNING', 'RESTARTING'],
  FAILED: ['FAILING'],
  FINISHED: ['RUNNING'],
}

export class TracedJob extends fields({ st: 'int' }) {
  /** Flink: JobStatus. */
  status = 'CREATED'
  /** Number of the execution, from 1; 0: none yet. */
  execution = 0
  /** When a task was last heard to run. */
  lastRunMs = 0
  readonly #chart: CompiledChart<TracedJob>
  readonly #layout: TracedLayout
  readonly #surroundings: JobSurroundings
  /** Checkpoint that the present execution begins with; null: that is not decided. */
  #basis: number | null = null
  /** Tasks that take part in the present restart, or in the first start. */
  #concerned: ReadonlySet<number>
  /** Of these, those whose report is waited for. */
  readonly #missing = new Set<number>()
  /** Of these, those whose attempt of the present execution has been scheduled. */
  readonly #scheduled = new Set<number>()
  /** Failed attempts of which no line about a restart has spoken. */
  #failed: Restart[] = []
  /** Restarts that are announced, and have not begun. */
  #announced: Restart[] = []
  /** The restart strategy's answer, which the next state of the job tells. */
  #mayRestart = true

  constructor(layout: TracedLayout, surroundings: JobSurroundings) {
    super()
    this.#layout = layout
    this.#surroundings = surroundings
    this.#concerned = new Set(layout.names.keys())
    // the chart is typed for the simulator's job manager; that this one has all that it names is checked here
    this.#chart = compiled(jobManagerChart as unknown as Chart<TracedJob, JobMessage>, ORIGINAL)
    this.st = this.#chart.initialLeaf
    this.#chart.check(this)
    this.#send('START')
    this.#send('GRANTED')
  }
  #send(message: JobMessage, a = 0): void {
    if (!this.#chart.send(this, J[message], { a, b: 0, ref: -1 }))
      throw new NotAllowed(`our job manager does not expect ${message} in state ${this.describe()}`)
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  /** False if a task has failed or is cancelled, or the job does not run. */
  get undisturbed(): boolean {
    return (
      this.status === 'RUNNING' &&
      this.#failed.length + this.#announced.length === 0 &&
      this.#surroundings.tasks.every(({ state }) => !DISTURBED.has(state))
    )
  }
  #id({ index, attempt }: TracedTask): number {
    return attemptId(index, attempt, this.#layout.names.length)
  }

  // lines
  /** Why this line cannot come now; null if it can. */
  refuses(e: JobEvent): string | null {
    switch (e.event) {
      case 'restore_none':
      case 'restore':
        return this.#restoreProblem()
      case 'job_state':
        return this.#stateProblem(e)
      case 'task_state':
        return this.#taskProblem(e)
      case 'restart_region':
        return this.#restartProblem(e)
    }
  }
  #restoreProblem(): string | null {
    if (this.#basis !== null || !this.#chart.matches(this, this.execution === 0 ? 'recovering' : 'restoring'))
      return `nothing is restored while our job manager is ${this.describe()}`
    return this.#surroundings.coordinator.restoreProblem()
  }
  #stateProblem({ detail: { from, to } }: EventOf<'job_state'>): string | null {
    if (from !== this.status) return `the job is ${this.status}, not ${from}`
    if (to === 'RUNNING')
      return from === 'CREATED' ? this.#startProblem() : from === 'RESTARTING' ? this.#againProblem() : this.#cannot(to)
    if (to === 'RESTARTING') return from === 'RUNNING' ? this.#unannounced() : this.#cannot(to)
    if (ENDINGS[to]?.includes(from) !== true) return this.#cannot(to)
    if (to === 'CANCELLING') return null
    if (to === 'FAILING') return this.#unannounced()
    const living = this.#living()
    if (living.length > 0) return `${living.join(', ')} ${living.length > 1 ? 'have' : 'has'} not ended`
    return to === 'FINISHED' && !this.#chart.matches(this, 'finished') ? 'not all tasks have finished' : null
  }
  #cannot(to: string): string {
    return `a job that is ${this.status} does not become ${to}`
  }
  #startProblem(): string | null {
    return this.#chart.matches(this, 'deploying') ? null : 'it is not decided yet what is restored'
  }
  #againProblem(): string | null {
    if (this.#chart.matches(this, 'backingOff')) return null
    const living = this.#living()
    return `a restart waits until the tasks have ended: ${living.join(', ')} ${living.length > 1 ? 'have' : 'has'} not`
  }
  #unannounced(): string | null {
    return this.#announced.length > 0 ? null : 'no restart has been announced (restart_region)'
  }
  #living(): readonly string[] {
    return this.#surroundings.tasks.filter(({ alive }) => alive).map(({ name }) => name)
  }
  #taskProblem({ detail: { task: name, attempt, from, to } }: EventOf<'task_state'>): string | null {
    const index = this.#layout.indexOf.get(name)
    if (index === undefined) return `there is no task ${name}`
    const task = this.#surroundings.tasks[index]!
    if (!statesAfter(from).includes(to)) return `a task that is ${from} does not become ${to}`
    if (from === 'CREATED') {
      if (this.status !== 'RUNNING' && this.status !== 'CANCELLING')
        return `no task is scheduled while the job is ${this.status}`
      if (this.#basis === null) return 'no task is scheduled before it is decided what is restored'
      if (this.#scheduled.has(index) || !this.#concerned.has(index))
        return `${name} is not to be started: its attempt ${task.attempt} is ${task.state}`
      return attempt === task.attempt + 1 ? null : `the next attempt of ${name} is ${task.attempt + 1}`
    }
    if (attempt !== task.attempt) return `${name} is at attempt ${task.attempt}, not ${attempt}`
    if (from !== task.state) return `attempt ${attempt} of ${name} is ${task.state}, not ${from}`
    if ((to === 'CANCELING' || to === 'CANCELED') && from !== 'CANCELING' && !this.#cancels(index))
      return `nobody has cancelled ${name}: the job is ${this.status}`
    if (to === 'CANCELED' || to === 'FINISHED') return task.unfinished()
    return null
  }
  #cancels(task: number): boolean {
    if (this.status === 'CANCELLING' || this.status === 'FAILING') return true
    return this.status === 'RESTARTING' && this.#concerned.has(task)
  }
  #restartProblem({ detail }: EventOf<'restart_region'>): string | null {
    const restart = this.#restartOf(detail)
    if (restart === null)
      return isGlobal(detail) ? 'nothing has failed the whole job' : 'the task that it speaks of has not failed'
    const size = this.#region(restart).size
    const said = Number(/^(\d+) /.exec(detail)?.[1])
    return said === size ? null : `${size} tasks fail together, not ${said}`
  }
  /** What a line about a restart speaks of: `… to recover the failed task EXECUTION_VERTEX_SUBTASK_ATTEMPT.` */
  #restartOf(detail: string): Restart | null {
    if (isGlobal(detail)) return this.#surroundings.coordinator.failsTheJob ? { task: null, attempt: 0 } : null
    const blamed = /failed task \S+_(\d+)_(\d+)\.?$/.exec(detail)
    if (blamed === null) return null
    const [subtask, attempt] = [Number(blamed[1]), Number(blamed[2])]
    const { vertices } = this.#layout.layout
    return (
      this.#failed.find(
        (restart) =>
          restart.attempt === attempt && restart.task !== null && vertices[restart.task.index]!.subtask === subtask,
      ) ?? null
    )
  }
  /** The tasks that fail together with one. All edges of a job that streams are pipelined. */
  #region({ task }: Restart): ReadonlySet<number> {
    const { vertices, channels } = this.#layout.layout
    if (task === null) return new Set(vertices.keys())
    const partitions = vertices.map(({ id, outputs }) => ({
      producer: id,
      consumers: outputs.map((output) => channels[output]!.to),
      type: 'pipelined' as const,
      available: true,
    }))
    const started = (vertex: number): boolean => !this.#concerned.has(vertex) || this.#scheduled.has(vertex)
    return new Set(verticesToRestart({ vertices: vertices.length, partitions }, task.index, null, started))
  }

  /** The line has come, and {@link refuses} has let it through. @throws NotAllowed if our job manager does something else */
  take(e: JobEvent): void {
    switch (e.event) {
      case 'restore_none':
        this.#restore(0, undefined)
        break
      case 'restore':
        this.#restore(e.checkpoint, e.detail.trigger_timestamp)
        break
      case 'job_state':
        this.#change(e.detail.to)
        break
      case 'task_state':
        this.#changeTask(e)
        break
      case 'restart_region':
        this.#announce(e.detail)
    }
  }
  #restore(checkpoint: number, timestamp: number | undefined): void {
    const { coordinator } = this.#surroundings
    const first = this.execution === 0
    if (first) coordinator.load(checkpoint)
    const restored = coordinator.restore()
    if (restored !== checkpoint)
      throw new NotAllowed(restored === 0 ? 'there is no checkpoint to restore' : `checkpoint ${restored} is restored`)
    const triggeredAt = coordinator.triggerTimestamp(checkpoint)
    if (!first && triggeredAt !== timestamp)
      throw new NotAllowed(`checkpoint ${checkpoint} was triggered at ${triggeredAt}, not at ${timestamp}`)
    this.#basis = checkpoint
    this.#send('BASIS', checkpoint)
  }
  #change(to: string): void {
    this.status = to
    if (to === 'CANCELLING' || to === 'RUNNING') this.#forgetFailures()
    this.#mayRestart = to === 'RESTARTING'
    if (to === 'RESTARTING' || to === 'FAILING') this.#restart()
    else if (to === 'RUNNING' && this.#chart.matches(this, 'backingOff')) this.#send('BACKOFF')
  }
  #forgetFailures(): void {
    this.#announced = []
    this.#failed = []
  }
  /** All that was announced begins as one, or is the end of the job. */
  #restart(): void {
    const restarts = this.#announced
    this.#announced = []
    const waiting = [...this.#concerned].filter((task) => !this.#scheduled.has(task))
    this.#concerned = new Set([...waiting, ...restarts.flatMap((restart) => [...this.#region(restart)])])
    this.#basis = null
    for (const { task } of restarts) {
      if (task === null) this.#send('FAIL_JOB', this.execution)
      else this.#send('FAILED', this.#id(task))
    }
    for (const index of this.#concerned) if (!this.#surroundings.tasks[index]!.alive) this.#gone(index)
  }
  #changeTask({ detail: { task: name, attempt, from, to } }: EventOf<'task_state'>): void {
    const task = this.#surroundings.tasks[this.#layout.indexOf.get(name)!]!
    if (from === 'CREATED') {
      this.#scheduled.add(task.index)
      task.begin(this.#basis ?? 0)
    }
    const id = this.#id(task)
    task.change(to, id)
    if (to === 'RUNNING') this.#run(id)
    else if (to === 'CANCELED') this.#send('CANCELLED', id)
    else if (to === 'FINISHED') this.#send('FINISHED', id)
    else if (to === 'FAILED') this.#fails(task, attempt)
  }
  #run(id: number): void {
    this.lastRunMs = this.#surroundings.nowMs
    this.#send('RUNNING', id)
  }
  /** Whether the job is restarted is seen at the next change of its state. */
  #fails(task: TracedTask, attempt: number): void {
    const { debts, nowMs } = this.#surroundings
    if (this.status === 'RESTARTING') this.#send('FAILED', this.#id(task))
    if (this.status !== 'RUNNING' && this.status !== 'RESTARTING') return
    const restart = { task, attempt }
    this.#failed.push(restart)
    if (this.status === 'RUNNING')
      debts.owe(
        `${task.name} has failed, and nothing was restarted`,
        nowMs,
        () => !this.#failed.includes(restart) || this.status !== 'RUNNING',
      )
  }
  #announce(detail: string): void {
    const { coordinator, debts, nowMs } = this.#surroundings
    const restart = this.#restartOf(detail)!
    this.#failed = this.#failed.filter((other) => other !== restart)
    if (restart.task === null) coordinator.failsTheJob = false
    if (this.status !== 'RUNNING') return
    this.#announced.push(restart)
    debts.owe('a restart was announced, and has not begun', nowMs, () => !this.#announced.includes(restart))
  }
  #gone(task: number): void {
    this.#missing.delete(task)
  }

  /** What may come next of it, for people. */
  allowed(): readonly string[] {
    const states = ['RUNNING', 'RESTARTING', ...Object.keys(ENDINGS)].filter(
      (to) => this.#stateProblem({ detail: { from: this.status, to } } as EventOf<'job_state'>) === null,
    )
    const tasks = this.#surroundings.tasks.flatMap((task) => {
      const [attempt, from] = !task.alive ? [task.attempt + 1, 'CREATED'] : [task.attempt, task.state]
      return statesAfter(from)
        .filter((to) => {
          const detail = { task: task.name, attempt, from, to }
          return this.#taskProblem({ detail } as EventOf<'task_state'>) === null
        })
        .map((to) => `${task.name} ${from} -> ${to}`)
    })
    return [
      ...(this.#restoreProblem() === null ? ['restore'] : []),
      ...(this.#failed.length > 0 || this.#surroundings.coordinator.failsTheJob ? ['restart_region'] : []),
      ...states.map((to) => `job ${this.status} -> ${to}`),
      ...tasks,
    ]
  }
  states(): Readonly<Record<string, string>> {
    return { 'job-manager': this.describe(), job: this.status }
  }

  // guards of the chart
  allRegistered(_e: ChartEvent): boolean {
    return true
  }
  anyRegistered(_e: ChartEvent): boolean {
    return true
  }
  lastToRegister(_e: ChartEvent): boolean {
    return true
  }
  fromOldExecution(e: ChartEvent): boolean {
    return this.#surroundings.tasks.every((task) => this.#id(task) !== e.a)
  }
  oldOrKnown(e: ChartEvent): boolean {
    return this.fromOldExecution(e) || !this.#missing.has(this.#taskOf(e))
  }
  oldOrFinished(e: ChartEvent): boolean {
    return this.fromOldExecution(e)
  }
  unknownAttempt(e: ChartEvent): boolean {
    return this.oldOrKnown(e)
  }
  lastToRun(_e: ChartEvent): boolean {
    return this.#missing.size === 1
  }
  lastToFinish(_e: ChartEvent): boolean {
    return this.#surroundings.tasks.every(({ state }) => state === 'FINISHED')
  }
  otherExecution(e: ChartEvent): boolean {
    return e.a !== this.execution
  }
  hostsNothing(_e: ChartEvent): boolean {
    return true
  }
  /** No trace tells of a rescale. */
  jobIsOver(_e: ChartEvent): boolean {
    return false
  }
  asWanted(_e: ChartEvent): boolean {
    return true
  }
  mayRestart(_e: ChartEvent): boolean {
    return this.#mayRestart
  }
  allGone(): boolean {
    return this.#missing.size === 0
  }
  #taskOf(e: ChartEvent): number {
    return (e.a - 1) % this.#layout.names.length
  }

  // actions of the chart
  deploy(_e: ChartEvent): void {
    this.execution += 1
    this.#scheduled.clear()
    this.#missing.clear()
    for (const task of this.#concerned) this.#missing.add(task)
  }
  markRunning(e: ChartEvent): void {
    this.#gone(this.#taskOf(e))
  }
  markGone(e: ChartEvent): void {
    this.#gone(this.#taskOf(e))
  }
  restartAfterFailure(_e: ChartEvent): void {
    this.#waitForEnds()
  }
  restartAfterCheckpoints(_e: ChartEvent): void {
    this.#waitForEnds()
  }
  restartRescaled(_e: ChartEvent): void {
    this.#waitForEnds()
  }
  #waitForEnds(): void {
    this.#missing.clear()
    for (const index of this.#concerned) if (this.#surroundings.tasks[index]!.alive) this.#missing.add(index)
  }

  // actions that the trace tells of in other lines, or not at all
  campaign(_e: ChartEvent): void {}
  stepDown(_e: ChartEvent): void {}
  lead(_e: ChartEvent): void {}
  register(_e: ChartEvent): void {}
  unregister(_e: ChartEvent): void {}
  waitForSlots(_e: ChartEvent): void {}
  keepBasis(_e: ChartEvent): void {}
  startCheckpoints(_e: ChartEvent): void {}
  restartAfterLoss(_e: ChartEvent): void {}
  markHostGone(_e: ChartEvent): void {}
  backOff(_e: ChartEvent): void {}
  askBasis(_e: ChartEvent): void {}
  markFinished(_e: ChartEvent): void {}
  finish(_e: ChartEvent): void {}
  giveUp(_e: ChartEvent): void {}
}

/** Of a task: no checkpoint that waits for it can be completed. */
const DISTURBED: ReadonlySet<string> = new Set(['CANCELING', 'CANCELED', 'FAILED'])
