/** A file lives until its entry has left the store; a missing file counts only for an attempt of the live branch. */
import { type Attempt, type CompletedCheckpoint, type SnapshotFile, subtaskName } from '../model/index.ts'
import type { Ledger } from './ledger.ts'
import { finding, type Reporter, type World } from './world.ts'

export class StorageOracle {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  readonly #savepoints: CompletedCheckpoint[] = []
  constructor(world: World, ledger: Ledger, reporter: Reporter) {
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
  }
  reset(): void {
    this.#savepoints.length = 0
  }
  /** Its files are its user's: nobody else deletes them. */
  savepointTaken(savepoint: CompletedCheckpoint): void {
    this.#savepoints.push(savepoint)
  }
  deleted(file: SnapshotFile): void {
    const savepoint = this.#savepoints.find(({ files }) => files.includes(file.id))
    if (savepoint !== undefined) {
      const name = subtaskName(this.#world.layout.vertices[file.vertex]!)
      this.#reporter.report(
        finding(
          'storage',
          'file-of-savepoint-deleted',
          `The snapshot of ${name} was deleted although it belongs to savepoint ${savepoint.id}, which is its user's.`,
        ),
      )
      return
    }
    for (const entry of this.#world.entries()) {
      if (!entry.files.includes(file.id)) continue
      const name = subtaskName(this.#world.layout.vertices[file.vertex]!)
      this.#reporter.report(
        finding(
          'storage',
          'file-of-entry-deleted',
          `The snapshot of ${name} was deleted while checkpoint ${entry.id}, which needs it, is in the store.`,
        ),
      )
      return
    }
  }
  missing(attempt: Attempt, file: SnapshotFile): void {
    if (!this.#ledger.isLive(attempt)) {
      this.#reporter.permit('zombie-read', 1)
      return
    }
    const name = subtaskName(this.#world.layout.vertices[attempt.vertex]!)
    this.#reporter.report(
      finding(
        'storage',
        'restore-of-missing-file',
        `${name} cannot restore checkpoint ${file.checkpoint}: its snapshot ${file.deleted ? 'was deleted' : 'was never durable'}.`,
      ),
    )
  }
}
