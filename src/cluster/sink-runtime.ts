/**
 * Sinks. The append log takes each record as it comes; the transactional log is two-phase commit: prepare at the snapshot,
 * commit when the checkpoint is complete. Flink: TwoPhaseCommitSinkFunction; facts/checkpointing.md 2.6.
 */
import type { LogSinkSpec, VertexSpec } from '../dataflow/index.ts'
import { type Attempt, OK, TRANSACTIONS } from '../model/index.ts'
import type { ClusterContext } from './cluster-context.ts'
import type { Committable } from './parts.ts'
import type { SinkVertex } from './sink-vertex.ts'
import { StateBackend } from './state-backend.ts'
import { LOST } from './transactional-log.ts'
import { IDLE } from './vertex-runtime.ts'

export class SinkRuntime implements SinkVertex {
  readonly backend = new StateBackend()
  readonly uid: string
  readonly #context: ClusterContext
  readonly #attempt: Attempt
  readonly #sink: LogSinkSpec
  readonly #transactional: boolean
  #pending: Committable[] = []
  /** Transactions of the restored snapshot that were still open. */
  #toAbort: number[] = []
  #current = -1
  #ended = false

  constructor(context: ClusterContext, attempt: Attempt, vertex: VertexSpec, sink: LogSinkSpec) {
    this.#context = context
    this.#attempt = attempt
    this.uid = vertex.uid
    this.#sink = sink
    this.#transactional = this.#sink.kind === 'transactional-log'
  }
  open(restored: boolean): void {
    if (!restored || !this.#transactional) return
    for (const [transaction, checkpoint, final] of this.backend.getList(TRANSACTIONS) as (readonly [
      number,
      number,
      number,
    ])[])
      if (checkpoint > 0) this.#pending.push({ transaction, checkpoint, final: final === 1 })
      else this.#toAbort.push(transaction)
  }
  /**
   * One step of the recovery: commit what was prepared, abort what was open, begin anew; each is an effect of its own.
   * @returns true when the sink is ready
   */
  recoverStep(): boolean {
    if (!this.#transactional) return true
    const next = this.#pending[0]
    if (next !== undefined) {
      const outcome = this.#context.log.commit(next.transaction, this.#attempt)
      if (outcome === OK || outcome === LOST) this.#pending.shift()
      return false
    }
    const open = this.#toAbort.shift()
    if (open !== undefined) {
      this.#context.log.abort(open)
      return false
    }
    this.#begin()
    return true
  }
  #begin(): void {
    this.#current = this.#context.log.begin(this.#sink.log, this.#attempt)
  }
  poll(): typeof IDLE {
    return IDLE
  }
  record(slot: number): void {
    const { pool, log, parts } = this.#context
    const value = pool.value[slot]
    const accepted = this.#transactional
      ? log.write(this.#current, value, this.#attempt)
      : log.append(this.#sink.log, value, this.#attempt)
    if (!accepted && parts.writeErrorFailsTask()) throw WRITE_REFUSED
  }
  /** First phase, before the barrier goes on. True if there was something to prepare. */
  prepare(checkpoint: number): boolean {
    if (!this.#transactional) return false
    this.#context.log.prepare(this.#current, this.#attempt)
    this.#pending.push({ transaction: this.#current, checkpoint, final: this.#ended })
    return true
  }
  /** After the snapshot point has passed, in the same step: the next transaction begins. */
  beforeSnapshot(): void {
    if (!this.#transactional) return
    this.#begin()
    const list: (readonly number[])[] = this.#pending.map((p) => [p.transaction, p.checkpoint, p.final ? 1 : 0])
    list.push([this.#current, 0, 0])
    this.backend.setList(TRANSACTIONS, list)
  }
  /** A transaction that this completion (or, for an impatient sink, its preparation) lets commit; -1 if there is none. */
  nextToCommit(completed: number): number {
    for (const p of this.#pending) if (this.#context.parts.commitsAt(p, completed)) return p.transaction
    return -1
  }
  lastPrepared(): number {
    return this.#pending[this.#pending.length - 1]?.transaction ?? -1
  }
  /** Tries to commit; true if the outcome is known and final. */
  commit(transaction: number): boolean {
    const outcome = this.#context.log.commit(transaction, this.#attempt)
    if (outcome !== OK && outcome !== LOST) return false
    this.#pending = this.#pending.filter((p) => p.transaction !== transaction)
    return true
  }
  endInput(): void {
    this.#ended = true
  }
  watermark(): void {}
  status(): void {}
  processingTime(): void {}
  nextProcessingTimer(): number {
    return Number.POSITIVE_INFINITY
  }
}
/** What a sink throws when the external system refuses a write: the task fails, as Flink's do. One value, since a stack costs. */
export const WRITE_REFUSED = Symbol('an external system has failed the task')
