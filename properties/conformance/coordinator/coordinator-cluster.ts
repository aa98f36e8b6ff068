import { QuietObserver } from '../../../src/intervals/quiet-observer.ts'
import {
  C,
  type CheckpointListener,
  type CompletedCheckpoint,
  type CoordinatorClock,
  type CoordinatorWiring,
  FAILED,
  FAILURE_REASON_NAMES,
  J,
  type Layout,
  OK,
  REASON,
  S,
  T,
  type TASK_FINISHED,
  TASK_NOT_RUNNING,
  TASK_RUNS,
  type Timing,
  V,
} from '../../../src/model/index.ts'
import type { CoordinatorConfig, Happened } from './coordinator-case.ts'
import { twoStageLayout } from './two-stage-layout.ts'
import { VirtualExecutor } from './virtual-executor.ts'

export type TaskState = typeof TASK_NOT_RUNNING | typeof TASK_RUNS | typeof TASK_FINISHED
const TYPE = ['checkpoint', 'savepoint', 'sync-savepoint'] as const
const STORE = 1
const STORAGE = 2
const JOB_MANAGER = 3

/**
 * What is around the coordinator in the vectors: tasks that only hear what they are told, a store and a storage that answer at
 * once, and one executor for everything. Milliseconds of the case are microseconds here: only their order matters.
 */
export class CoordinatorCluster implements CoordinatorWiring, CheckpointListener {
  readonly executor = new VirtualExecutor()
  readonly layout: Layout
  readonly tasks: TaskState[]
  /** What has happened since it was put to nothing. */
  happened = nothing()
  /** The next one of these goes wrong. */
  readonly fails = { rpc: false, id: false, store: false }
  /** Labels of the futures of requests. */
  readonly futures: string[] = []
  execution = 1

  readonly kernel: CoordinatorClock
  readonly observer = new QuietObserver()
  readonly listener = this
  readonly self = 0
  readonly store = STORE
  readonly storage = STORAGE
  readonly jobManager = JOB_MANAGER
  readonly enumerators: ReadonlyMap<number, number> = new Map()
  readonly #timing: Timing
  readonly #send: (code: number, a: number, b: number) => void
  readonly #entries: CompletedCheckpoint[] = []
  /** What a state handle is called. */
  readonly #files: (readonly [checkpoint: number, task: number])[] = []
  readonly #discarded = new Set<number>()
  #lastId = 0

  /** @param send hands a message to the coordinator */
  constructor(cfg: CoordinatorConfig, send: (code: number, a: number, b: number) => void) {
    this.layout = twoStageLayout(cfg)
    this.tasks = this.layout.vertices.map(() => TASK_RUNS)
    this.#send = send
    this.#timing = timingOf(cfg)
    const { executor } = this
    this.kernel = {
      get now() {
        return executor.now
      },
      decide: () => cfg.initDelay - cfg.minPause,
      schedule: (delay, _to, code, a = 0, b = 0) => executor.schedule(delay, () => send(code, a, b)),
      cancel: (handle) => executor.cancel(handle),
    }
  }
  /** A state handle of its own for an acknowledgement. */
  newFile(checkpoint: number, task: number): number {
    this.#files.push([checkpoint, task])
    return this.#files.length - 1
  }
  /** Attempts of execution 0 are in no plan. */
  attempt(task: number, execution: number): number {
    return execution * this.tasks.length + task + 1
  }

  timing(): Timing {
    return this.#timing
  }
  vertexOfAttempt(attempt: number): number {
    return (attempt - 1) % this.tasks.length
  }
  executionOfAttempt(attempt: number): number {
    return Math.floor((attempt - 1) / this.tasks.length)
  }
  currentExecution(): number {
    return this.execution
  }
  taskState(vertex: number): TaskState {
    return this.tasks[vertex]!
  }
  later(hops: number, code: number, a: number, b: number): void {
    this.executor.execute(hops, () => this.#send(code, a, b))
  }

  toTask(vertex: number, _effect: number, code: number, a: number, b: number): void {
    const { trig, nc, na } = this.happened
    if (code === T.TRIGGER) {
      const last = trig[trig.length - 1]
      if (last?.[0] === a) last[3].push(vertex)
      else trig.push([a, TYPE[b >> 1]!, (b & 1) === 1 ? 'UNALIGNED' : 'ALIGNED', [vertex]])
      if (this.fails.rpc) this.later(1, C.RPC_FAILED, 0, a)
      this.fails.rpc = false
      return
    }
    if (this.tasks[vertex] === TASK_NOT_RUNNING) return
    const notices = code === T.NOTIFY_COMPLETE ? nc : na
    const last = notices[notices.length - 1]
    if (last?.[0] === a) last[2].push(vertex)
    else notices.push([a, code === T.NOTIFY_COMPLETE && b === 0 ? -1 : b, [vertex]])
  }
  toAnyAttempt(): void {
    throw new Error('a notice is to go to any attempt, but real coordinators address attempts')
  }
  toLocal(_to: number, code: number, a: number, b: number): void {
    if (code === J.BASIS) this.happened.restored = a === 0 ? null : a
    else if (code === J.FAIL_JOB) this.happened.job.push(b === 0 ? ['job'] : ['task', this.vertexOfAttempt(b)])
  }
  toService(to: number, code: number, a: number, b: number, ref: number): void {
    if (to === STORAGE && code === S.DELETE) this.executor.execute(1, () => this.#discard(ref))
    else if (to === STORE && code === V.DRAW_ID) this.executor.execute(1, () => this.#drawId())
    else if (to === STORE && code === V.ADD) this.executor.next(() => this.#add(b))
    else if (to === STORE && code === V.REMOVE) this.#remove(b)
    else throw new Error(`service ${to} is sent ${code} with ${a}: neither this store nor this storage knows it`)
  }
  #drawId(): void {
    if (this.fails.id) this.#send(C.ID, 0, 0)
    else {
      this.#lastId += 1
      this.later(1, C.ID, this.#lastId, 0)
    }
    this.fails.id = false
  }
  #add(checkpoint: number): void {
    const outcome = this.fails.store ? FAILED : OK
    this.fails.store = false
    this.#send(C.STORED, outcome, checkpoint)
  }
  /** A standalone store forgets an entry at once; its files are deleted one by one. */
  #remove(checkpoint: number): void {
    const entry = this.#entries.find(({ id }) => id === checkpoint)!
    for (const file of entry.files) this.executor.execute(1, () => this.#discard(file))
    this.later(1, C.REMOVED, checkpoint, 0)
  }
  #discard(file: number): void {
    const name = this.#files[file]
    if (name === undefined || this.#discarded.has(file)) return
    this.#discarded.add(file)
    this.happened.disc.push([...name])
  }
  putEntry(entry: CompletedCheckpoint): number {
    this.#entries.push(entry)
    return this.#entries.length - 1
  }
  entry(ref: number): CompletedCheckpoint {
    return this.#entries[ref]!
  }
  entries(): readonly CompletedCheckpoint[] {
    return []
  }
  enumeratorState(): readonly number[] {
    return []
  }

  requestCompleted(request: number, checkpoint: number): void {
    this.happened.fut.push([this.futures[request]!, 'ok', checkpoint])
  }
  requestFailed(request: number, reason: number): void {
    // the future has what the store has thrown, and the store of the vectors throws this
    const what = reason === REASON.FINALIZE_CHECKPOINT_FAILURE ? 'IOException' : FAILURE_REASON_NAMES[reason]!
    this.happened.fut.push([this.futures[request]!, 'fail', what])
  }
  checkpointCompleted(checkpoint: number): void {
    this.happened.succ.push(checkpoint)
  }
  checkpointFailed(checkpoint: number, reason: number): void {
    this.happened.fail.push([checkpoint, FAILURE_REASON_NAMES[reason]!])
  }
}

export const nothing = (): Happened => ({ trig: [], succ: [], fail: [], nc: [], na: [], fut: [], job: [], disc: [] })

function timingOf(cfg: CoordinatorConfig): Timing {
  return {
    unitUs: 1,
    sourceCostUs: 0,
    operatorCostUs: 0,
    channelCapacity: 1,
    checkpointIntervalUs: cfg.interval,
    checkpointTimeoutUs: cfg.timeout,
    minPauseUs: cfg.minPause,
    maxConcurrentCheckpoints: cfg.maxConcurrent,
    tolerableFailedCheckpoints: cfg.tolerable,
    retainedCheckpoints: cfg.retained,
    restartDelayUs: 0,
    restartAttempts: 0,
  }
}
