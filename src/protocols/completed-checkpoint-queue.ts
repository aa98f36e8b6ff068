/**
 * Completed checkpoints as the coordinator keeps them, oldest first, and which of them a new one lets go.
 * Flink: CheckpointSubsumeHelper.
 */
import { CHECKPOINT, type SnapshotKind, SYNC_SAVEPOINT } from '../model/index.ts'

/** What is kept. A savepoint among them is one that the job was started from. */
export interface Retained {
  readonly id: number
  /** A checkpoint unless told. */
  readonly kind?: SnapshotKind
}

export class CompletedCheckpointQueue<E extends Retained> {
  #entries: E[] = []

  get entries(): readonly E[] {
    return this.#entries
  }
  /** Id of the newest; 0: there is none. */
  get latestId(): number {
    return this.#entries[this.#entries.length - 1]?.id ?? 0
  }
  reset(entries: readonly E[] = []): void {
    this.#entries = [...entries]
  }
  add(entry: E): void {
    let at = this.#entries.length
    while (at > 0 && this.#entries[at - 1]!.id > entry.id) at -= 1
    this.#entries.splice(at, 0, entry)
  }
  /** Takes out the oldest that may go if more than `most` are kept; null: none may. To be called until then. */
  subsume(most: number): E | null {
    if (this.#entries.length <= most) return null
    const at = subsumable(this.#entries)
    return at < 0 ? null : this.#entries.splice(at, 1)[0]!
  }
}

/**
 * Place of the oldest entry that may go, -1: none. The newest stays. So does the newest that is no savepoint, or the
 * checkpoints to come would build on files that are gone (FLINK-21351); after a savepoint that ends the job none come.
 */
export function subsumable(entries: readonly Retained[]): number {
  const last = entries.length - 1
  const jobEnds = kindOf(entries[last]) === SYNC_SAVEPOINT
  let newestCheckpoint = last
  while (newestCheckpoint >= 0 && kindOf(entries[newestCheckpoint]) !== CHECKPOINT) newestCheckpoint -= 1
  for (let i = 0; i < last; i += 1) if (i !== newestCheckpoint || jobEnds) return i
  return -1
}
const kindOf = (entry: Retained | undefined): SnapshotKind => entry?.kind ?? CHECKPOINT
