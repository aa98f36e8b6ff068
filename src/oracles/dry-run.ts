/**
 * Recovery is pure, so it is tried, not done: after every durable change, commit, deletion and restore. What would go wrong only
 * after a crash at this very moment is seen at once.
 */
import {
  type CompletedCheckpoint,
  digestOfBroadcasts,
  digestOfChannels,
  digestOfLists,
  type StateDigest,
  type StateEntry,
  subtaskName,
} from '../model/index.ts'
import type { Ledger } from './ledger.ts'
import type { OutputOracle } from './output.ts'
import { differingPart } from './state.ts'
import { finding, type Reporter, type World } from './world.ts'

export class DryRun {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  readonly #output: OutputOracle
  constructor(world: World, ledger: Ledger, reporter: Reporter, output: OutputOracle) {
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
    this.#output = output
  }
  /** @param contents whether stored bytes are looked at, too */
  run(contents: boolean): void {
    const entries = this.#world.entries()
    const newest = entries[entries.length - 1] ?? null
    const chosen = this.#world.recover(entries)
    if (chosen !== newest) {
      this.#reporter.report(
        finding(
          'recency',
          'dry-run-not-newest',
          `A recovery now would restore ${chosen === null ? 'nothing' : `checkpoint ${chosen.id}`} although checkpoint ${newest?.id} is complete.`,
        ),
      )
      return
    }
    const memory = this.#world.managerMemory()
    if (memory !== null) {
      const remembered = this.#world.recover(memory)
      if (remembered?.id !== newest?.id) {
        this.#reporter.report(
          finding(
            'recency',
            'dry-run-manager-behind-store',
            `The coordinator would restore ${remembered === null ? 'nothing' : `checkpoint ${remembered.id}`}, the store has ${newest === null ? 'nothing' : `checkpoint ${newest.id}`}.`,
          ),
        )
        return
      }
    }
    if (newest === null || !this.#restorable(newest, contents)) return
    this.#output.committedWithin(newest, 'dry-run-committed-beyond-cut')
  }
  /** Another job may be started from it at any time. */
  savepointTaken(savepoint: CompletedCheckpoint): void {
    this.#restorable(savepoint, true)
  }
  #restorable(entry: CompletedCheckpoint, contents: boolean): boolean {
    for (const id of entry.files) {
      if (id < 0) continue // of a subtask that the checkpoint has none of
      const file = this.#world.file(id)
      const vertex = this.#world.layout.vertices[file.vertex]!
      if (!file.durable || file.deleted || file.content === null) {
        this.#reporter.report(
          finding(
            'storage',
            'dry-run-missing-bytes',
            `Checkpoint ${entry.id} is complete, but the snapshot of ${subtaskName(vertex)} ${file.deleted ? 'was deleted' : 'is not durable yet'}: a crash now could not be recovered from.`,
          ),
        )
        return false
      }
      if (!contents) continue
      const sync = this.#ledger.syncOfFile(id)
      const { channels } = file.content
      const inFlight = channels === undefined ? 0 : digestOfChannels(channels)
      const part =
        inFlight !== this.#ledger.channelDigestOf(id)
          ? 'channel'
          : sync === null
            ? ''
            : differingPart(storedDigest(file.content), sync.digest)
      if (part !== '') {
        this.#reporter.report(
          finding(
            'state',
            'dry-run-stored-bytes-changed',
            `The stored ${part} state of ${subtaskName(vertex)} for checkpoint ${entry.id} has changed since it was written.`,
            { part },
          ),
        )
        return false
      }
    }
    return true
  }
}

/** Digest of stored bytes by the hashes of immutable entries: a sum, cheap enough for every durable change. */
function storedDigest(content: NonNullable<ReturnType<World['file']>['content']>): StateDigest {
  const digest: StateDigest = { keyed: 0, timers: 0, lists: 0, bytes: 0 }
  const add = (entry: StateEntry): void => {
    digest.keyed = (digest.keyed + entry.hash) | 0
  }
  content.tables.forEach((table) => {
    table.entries.forEach(add)
    table.maps.forEach((map) => {
      map.forEach(add)
    })
  })
  for (const timer of content.timers) digest.timers = (digest.timers + timer.hash) | 0
  digest.lists = (digestOfLists(content.lists) + digestOfBroadcasts(content.broadcasts)) | 0
  return digest
}
