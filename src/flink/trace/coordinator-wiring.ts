/**
 * What is around the checkpoint coordinator in a traced cluster: its messages to tasks and sources become what these may do next;
 * its store and its storage answer when the trace says so, or at once where it says nothing.
 */
import {
  C,
  type CheckpointListener,
  type CompletedCheckpoint,
  type CoordinatorClock,
  type CoordinatorWiring,
  J,
  type Layout,
  N,
  type Observer,
  T,
  TASK_FINISHED,
  TASK_NOT_RUNNING,
  TASK_RUNS,
  type Timing,
  V,
} from '../../model/index.ts'
import type { TracedSettings } from './infer-settings.ts'
import { SourceCoordinator } from './source-coordinator.ts'

const SELF = 0
const STORE = 1
const STORAGE = 2
const JOB_MANAGER = 3
const FIRST_SOURCE = 4

/** What the wiring needs of the job. */
export interface WiredJob {
  readonly nowMs: number
  readonly execution: number
  /** State of a task as the job manager knows it. */
  stateOf(task: number): string
  /** Number of the newest attempt of a task. */
  attemptOf(task: number): number
  /** @param operand see triggerOperand */
  trigger(task: number, checkpoint: number, operand: number): void
  notify(task: number, kind: 'complete' | 'abort', checkpoint: number, other: number): void
}
/** What the coordinator has said that is not a message to a task. */
export interface CoordinatorSays {
  send(code: number, a: number, b: number, ref: number): void
  drawsId(): void
  /** The answer to what is to be restored; 0: nothing. */
  basis(checkpoint: number): void
  /** Too many failed checkpoints. */
  failsJob(): void
  failed(checkpoint: number, reason: number): void
}

/** Ids of attempts: unique in the job, and telling the task. */
export const attemptId = (task: number, attempt: number, tasks: number): number => attempt * tasks + task + 1

/** Hears everything and keeps nothing: the trace is judged by what the coordinator does, not by what ghosts hear. */
const nobody = new Proxy({} as Observer, { get: () => () => {} })

export class TracedWiring implements CoordinatorWiring, CheckpointListener {
  readonly self = SELF
  readonly store = STORE
  readonly storage = STORAGE
  readonly jobManager = JOB_MANAGER
  readonly observer = nobody
  readonly listener = this
  readonly layout: Layout
  readonly kernel: CoordinatorClock
  readonly sources: readonly SourceCoordinator[]
  readonly enumerators: ReadonlyMap<number, number>
  readonly #timing: Timing
  readonly #job: WiredJob
  readonly #says: CoordinatorSays
  readonly #entries: CompletedCheckpoint[] = []
  /** Messages of the coordinator to itself: all that it does takes no time that the trace knows. */
  readonly #later: (() => void)[] = []

  constructor(layout: Layout, settings: TracedSettings, job: WiredJob, says: CoordinatorSays) {
    this.layout = layout
    this.#job = job
    this.#says = says
    this.#timing = timingOf(settings)
    const specs = [...new Set(layout.vertices.filter(({ kind }) => kind === 'source').map(({ spec }) => spec))]
    this.sources = specs.slice(0, settings.sourceCoordinators).map((spec) => new SourceCoordinator(spec))
    this.enumerators = new Map(this.sources.map(({ source }, i) => [source, FIRST_SOURCE + i]))
    // the trace has the times: timers of the coordinator never fire by themselves
    this.kernel = {
      get now() {
        return job.nowMs * 1000
      },
      decide: () => 0,
      schedule: () => 0,
      cancel: () => true,
    }
  }
  /** Delivers what is left to do. */
  settle(): void {
    for (let work = this.#later.shift(); work !== undefined; work = this.#later.shift()) work()
  }
  timing(): Timing {
    return this.#timing
  }
  later(_hops: number, code: number, a: number, b: number): void {
    this.#later.push(() => this.#says.send(code, a, b, 0))
  }
  toTask(task: number, _effect: number, code: number, a: number, b: number): void {
    if (code === T.TRIGGER) this.#job.trigger(task, a, b)
    else this.#job.notify(task, code === T.NOTIFY_COMPLETE ? 'complete' : 'abort', a, b)
  }
  toAnyAttempt(): void {
    throw new Error('a notice is to go to any attempt, but real coordinators address attempts')
  }
  toLocal(to: number, code: number, a: number): void {
    if (to === JOB_MANAGER) {
      if (code === J.BASIS) this.#says.basis(a)
      else this.#says.failsJob()
      return
    }
    const source = this.sources[to - FIRST_SOURCE]!
    if (code === N.SNAPSHOT) source.tell('coord_snapshot', a)
    else if (code === N.COMPLETE) source.tell('coord_notify_complete', a)
  }
  toService(to: number, code: number, _a: number, b: number): void {
    if (to === STORAGE) return
    if (code === V.DRAW_ID) this.#says.drawsId()
    else if (code === V.REMOVE) this.later(1, C.REMOVED, b, 0)
    else if (code === V.READ) this.#later.push(() => this.#says.send(C.LOADED, 0, 0, 0))
  }
  taskState(task: number): typeof TASK_NOT_RUNNING | typeof TASK_RUNS | typeof TASK_FINISHED {
    const state = this.#job.stateOf(task)
    return state === 'RUNNING' ? TASK_RUNS : state === 'FINISHED' ? TASK_FINISHED : TASK_NOT_RUNNING
  }
  vertexOfAttempt(attempt: number): number {
    return (attempt - 1) % this.layout.vertices.length
  }
  /** Attempts that are over take part in nothing any more. */
  executionOfAttempt(attempt: number): number {
    const task = this.vertexOfAttempt(attempt)
    const current = attemptId(task, this.#job.attemptOf(task), this.layout.vertices.length)
    return attempt === current ? this.#job.execution : 0
  }
  currentExecution(): number {
    return this.#job.execution
  }
  /** What the store holds before the trace begins. */
  remember(entries: readonly CompletedCheckpoint[]): void {
    this.#entries.push(...entries)
  }
  putEntry(entry: CompletedCheckpoint): number {
    return this.#entries.push(entry) - 1
  }
  entry(ref: number): CompletedCheckpoint {
    return this.#entries[ref]!
  }
  /** The store is read once, when the trace begins. */
  entries(): readonly CompletedCheckpoint[] {
    return this.#entries
  }
  enumeratorState(): readonly number[] {
    return []
  }

  requestCompleted(): void {}
  requestFailed(): void {}
  checkpointCompleted(): void {}
  checkpointFailed(checkpoint: number, reason: number): void {
    if (checkpoint > 0) for (const source of this.sources) source.tell('coord_notify_aborted', checkpoint)
    this.#says.failed(checkpoint, reason)
  }
}

/** No time is up before the trace says so, and no pause: when a checkpoint begins is the trace's business. */
function timingOf(settings: TracedSettings): Timing {
  return {
    unitUs: 1,
    sourceCostUs: 0,
    operatorCostUs: 0,
    channelCapacity: 1,
    checkpointIntervalUs: 1,
    checkpointTimeoutUs: 1,
    minPauseUs: 0,
    maxConcurrentCheckpoints: settings.maxConcurrentCheckpoints,
    tolerableFailedCheckpoints: settings.tolerableFailedCheckpoints,
    retainedCheckpoints: settings.retainedCheckpoints,
    restartDelayUs: 0,
    restartAttempts: 0,
  }
}
