/** The restored basis is the newest restorable one in the store at the moment the manager read it, and the store never loses that. */
import { CHECKPOINT, type CompletedCheckpoint, SAVEPOINT } from '../model/index.ts'
import type { Ledger } from './ledger.ts'
import { finding, type Reporter, type World } from './world.ts'

export class RecencyOracle {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  /** True from the moment the basis of the next history is read until that history begins. */
  #basisIsRead = false
  /** Id of the basis that was read last, 0: none. */
  #basisRead = 0
  constructor(world: World, ledger: Ledger, reporter: Reporter) {
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
  }
  reset(): void {
    this.#basisIsRead = false
    this.#basisRead = 0
  }
  fork(basis: CompletedCheckpoint | null): void {
    this.#basisIsRead = false
    const taken = basis?.id ?? 0
    if (taken === this.#basisRead) return
    this.#reporter.report(
      finding(
        'recency',
        'basis-not-taken',
        `The tasks are given the state of ${named(taken)} although ${named(this.#basisRead)} was read as the one to go back to.`,
        { expected: this.#basisRead, actual: taken },
      ),
    )
  }
  basisRead(basis: CompletedCheckpoint | null): void {
    this.#basisIsRead = true
    this.#basisRead = basis?.id ?? 0
    const entries = this.#world.entries()
    const newest = entries[entries.length - 1] ?? null
    if (basis?.id === newest?.id) return
    this.#reporter.report(
      finding(
        'recency',
        'basis-not-newest',
        `The job restarts from ${basis === null ? 'nothing' : `checkpoint ${basis.id}`} although ${newest === null ? 'the store is empty' : `checkpoint ${newest.id} is complete`}.`,
        { expected: newest?.id ?? 0, actual: basis?.id ?? 0 },
      ),
    )
  }
  /**
   * Older entries go when a newer one is there; the newest is what a restart needs. A savepoint takes the place of none: it
   * belongs to the user, and the next incremental checkpoint builds on the files of the last checkpoint.
   */
  entryRemoved(entry: CompletedCheckpoint): void {
    if (this.#world.entries().some(({ id, kind = CHECKPOINT }) => id > entry.id && kind === CHECKPOINT)) return
    if (entry.kind === SAVEPOINT) return
    this.#reporter.report(
      finding(
        'recency',
        'newest-removed',
        `Checkpoint ${entry.id} has left the store although no newer checkpoint is there.`,
      ),
    )
  }
  /** A restart waits for the write in flight: nothing becomes durable for a history that has been left. */
  entryDurable(entry: CompletedCheckpoint): void {
    if (this.#basisIsRead) {
      this.#reporter.report(
        finding(
          'recency',
          'durable-on-dead-branch',
          `Checkpoint ${entry.id} became durable after the job had read the checkpoint that it goes back to.`,
        ),
      )
      return
    }
    const sync = this.#ledger.syncOfFile(entry.files.find((file) => file >= 0)!)
    if (sync === null || sync.branch === this.#ledger.live) return
    this.#reporter.report(
      finding(
        'recency',
        'durable-on-dead-branch',
        `Checkpoint ${entry.id} became durable after the job had already gone back to ${this.#ledger.live.basis === null ? 'its start' : `checkpoint ${this.#ledger.live.basis.id}`}.`,
      ),
    )
  }
}
const named = (checkpoint: number): string => (checkpoint === 0 ? 'no checkpoint' : `checkpoint ${checkpoint}`)
