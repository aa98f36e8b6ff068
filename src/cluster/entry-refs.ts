import type { CompletedCheckpoint } from '../model/index.ts'

/** Entries, and lists of them, that messages refer to. */
export class EntryRefs {
  readonly #refs: (CompletedCheckpoint | readonly CompletedCheckpoint[])[] = []
  reset(): void {
    this.#refs.length = 0
  }
  put(entry: CompletedCheckpoint | readonly CompletedCheckpoint[]): number {
    this.#refs.push(entry)
    return this.#refs.length - 1
  }
  entry(ref: number): CompletedCheckpoint {
    return this.#refs[ref] as CompletedCheckpoint
  }
  list(ref: number): readonly CompletedCheckpoint[] {
    return this.#refs[ref] as readonly CompletedCheckpoint[]
  }
}
