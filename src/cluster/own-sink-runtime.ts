/**
 * Runs a sink of the user's own: its writer, its committer, and the committables between them. Flink: SinkWriterOperator and
 * CommitterOperator, chained; facts/checkpointing.md 2.6.
 */
import type {
  Committer,
  OwnSinkSpec,
  Sink,
  SinkContext,
  SinkWriter,
  VertexSpec,
  WriteContext,
} from '../dataflow/index.ts'
import { type Attempt, P } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { Session } from './external-systems.ts'
import { plainCopy } from './plain-copy.ts'
import { WRITE_REFUSED } from './sink-runtime.ts'
import type { SinkVertex } from './sink-vertex.ts'
import { StateBackend } from './state-backend.ts'
import { refusePromise, UserCodeError } from './user-code.ts'
import { IDLE } from './vertex-runtime.ts'

/** Lists of the snapshot: [checkpoint, committable, 1 if it holds the last records], and the writer's state. */
const COMMITTABLES = 'sink-committables'
const WRITER_STATE = 'sink-writer-state'
/** Flink: sink.committer.retries. */
const COMMITTER_RETRIES = 10

/** Committables of one checkpoint. */
interface Batch {
  readonly checkpoint: number
  readonly final: boolean
  committables: readonly unknown[]
  retries: number
}

export class OwnSinkRuntime implements SinkVertex, WriteContext {
  readonly backend = new StateBackend()
  readonly uid: string
  readonly #context: ClusterContext
  readonly #attempt: Attempt
  readonly #spec: OwnSinkSpec
  readonly #session: Session
  readonly #about: SinkContext
  #sink: Sink<unknown> | null = null
  #writer: SinkWriter<unknown> | null = null
  #committer: Committer<unknown> | null = null
  /** By checkpoint, rising. */
  #pending: Batch[] = []
  /** The newest checkpoint that this sink has taken part in. */
  #lastCheckpoint: number
  #ended = false
  #timestamp = Number.NaN
  #watermark = Number.NEGATIVE_INFINITY

  constructor(context: ClusterContext, attempt: Attempt, vertex: VertexSpec, spec: OwnSinkSpec) {
    const { subtask, parallelism } = context.layout.vertices[attempt.vertex]!
    const { basis } = context.execution(attempt.execution)
    this.#context = context
    this.uid = vertex.uid
    this.#attempt = attempt
    this.#spec = spec
    this.#session = context.external.session(attempt)
    this.#lastCheckpoint = basis?.id ?? 0
    this.#about = Object.freeze({
      uid: vertex.uid,
      subtask,
      parallelism,
      attempt: attempt.execution,
      restoredCheckpointId: basis?.id,
    })
  }
  /** Calls user code. @throws UserCodeError for its errors; WRITE_REFUSED if an external system has failed it, or a crash */
  #call<T>(call: string, body: () => T): T {
    let result: T
    try {
      result = body()
    } catch (error) {
      if (this.#session.crashed || comesFromPort(error)) throw WRITE_REFUSED
      throw error instanceof UserCodeError ? error : new UserCodeError(`${call} of ${this.uid}`, error)
    }
    // the sink may have swallowed the exception, but its attempt is dead
    if (this.#session.crashed) throw WRITE_REFUSED
    if (result !== undefined) refusePromise(`${call} of ${this.uid}`, result)
    return result
  }
  /** Calls user code that returns a list of plain values, and copies it. */
  #listOf(call: string, body: () => readonly unknown[]): readonly unknown[] {
    const returned = this.#call(call, body)
    if (!Array.isArray(returned))
      throw new UserCodeError(`${call} of ${this.uid}`, new TypeError('it must return a list, and returned none'))
    return this.#call(call, () => plainCopy(returned))
  }

  // recovery: Flink opens the committer before the writer, since it begins at the end of the chain

  open(): void {
    this.#sink = this.#call('the factory', () => this.#spec.make(this.#session) as Sink<unknown>)
    const sink = this.#sink
    if (typeof sink?.createWriter !== 'function')
      throw new UserCodeError(`the factory of ${this.uid}`, new TypeError('it must return a sink with createWriter'))
    this.#committer = this.#call('createCommitter', () => sink.createCommitter?.(this.#about)) ?? null
    for (const [checkpoint, committable, final] of this.backend.getList(COMMITTABLES) as (readonly [
      number,
      unknown,
      number,
    ])[]) {
      const last = this.#pending[this.#pending.length - 1]
      if (last?.checkpoint === checkpoint) last.committables = [...last.committables, committable]
      else this.#pending.push({ checkpoint, committables: [committable], final: final === 1, retries: 0 })
    }
  }
  recoverStep(): boolean {
    const next = this.#pending[0]
    if (next !== undefined) {
      this.commit(next.checkpoint)
      return false
    }
    const restored = this.backend.getList(WRITER_STATE)
    const writer = this.#call('createWriter', () => this.#sink!.createWriter({ ...this.#about, restored }))
    if (typeof writer?.write !== 'function')
      throw new UserCodeError(`createWriter of ${this.uid}`, new TypeError('it must return a writer with write'))
    this.#writer = writer
    return true
  }

  // records and watermarks

  record(slot: number): void {
    const { pool } = this.#context
    const value = pool.value[slot]
    this.#timestamp = pool.timestamp[slot]!
    this.#call('write', () => this.#writer!.write(value, this))
  }
  watermark(timestampMs: number): void {
    this.#watermark = timestampMs
    this.#call('writeWatermark', () => this.#writer!.writeWatermark?.(timestampMs))
  }
  timestamp(): number | undefined {
    return Number.isNaN(this.#timestamp) ? undefined : this.#timestamp
  }
  currentWatermark(): number {
    return this.#watermark
  }
  /** The last committables belong to the next checkpoint, whatever its number. Flink: SinkWriterOperator.endInput. */
  endInput(): void {
    if (this.#ended) return
    this.#ended = true
    this.#prepareCommit(this.#lastCheckpoint + 1)
  }

  // checkpoints

  prepare(checkpoint: number): boolean {
    this.#lastCheckpoint = checkpoint
    if (this.#ended) return false
    this.#prepareCommit(checkpoint)
    return true
  }
  #prepareCommit(checkpoint: number): void {
    this.#call('flush', () => this.#writer!.flush?.(this.#ended))
    if (this.#writer!.prepareCommit === undefined) return
    const committables = this.#listOf('prepareCommit', () => this.#writer!.prepareCommit!())
    if (committables.length === 0) return
    if (this.#committer === null)
      throw new UserCodeError(
        `prepareCommit of ${this.uid}`,
        new TypeError('it returned something to commit, and the sink has no createCommitter'),
      )
    this.#context.observer.phase(P['pre-commit'])
    this.#context.observer.committablesMade(this.#attempt, checkpoint)
    this.#pending.push({ checkpoint, final: this.#ended, committables, retries: 0 })
  }
  beforeSnapshot(): void {
    const state =
      this.#writer!.snapshotState === undefined
        ? []
        : this.#listOf('snapshotState', () => this.#writer!.snapshotState!(this.#lastCheckpoint))
    this.backend.setList(WRITER_STATE, state)
    this.backend.setList(
      COMMITTABLES,
      this.#pending.flatMap(({ checkpoint, committables, final }) =>
        committables.map((committable) => [checkpoint, committable, final ? 1 : 0]),
      ),
    )
  }
  /** Batches are named by their checkpoint. */
  nextToCommit(completed: number): number {
    for (const { checkpoint, final } of this.#pending)
      if (this.#context.parts.commitsAt({ transaction: -1, checkpoint, final }, completed)) return checkpoint
    return -1
  }
  lastPrepared(): number {
    return this.#pending[this.#pending.length - 1]?.checkpoint ?? -1
  }
  commit(checkpoint: number): boolean {
    const batch = this.#pending.find((pending) => pending.checkpoint === checkpoint)!
    this.#session.committing = checkpoint
    batch.committables = this.#listOf('commit', () => this.#committer!.commit(batch.committables))
    this.#session.committing = 0
    if (batch.committables.length === 0) {
      this.#pending = this.#pending.filter((pending) => pending !== batch)
      return true
    }
    batch.retries += 1
    if (batch.retries > COMMITTER_RETRIES) throw WRITE_REFUSED
    return false
  }

  poll(): typeof IDLE {
    return IDLE
  }
  status(): void {}
  processingTime(): void {}
  nextProcessingTimer(): number {
    return Number.POSITIVE_INFINITY
  }
}

/** Whether an external system is the cause of an error, however often it was wrapped. */
function comesFromPort(error: unknown): boolean {
  let cause = error
  for (let depth = 0; cause instanceof Error && depth < 8; depth += 1) {
    if (cause.name === 'PortError') return true // by name: an adapter for a real system may have a class of its own
    cause = cause.cause
  }
  return false
}
