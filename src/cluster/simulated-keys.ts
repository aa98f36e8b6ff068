import type { StoredValue } from '../dataflow/index.ts'
import { isVisibleName, type Key } from '../model/index.ts'
import { keyOrder } from './timer-queue.ts'

interface Entry {
  /** undefined: deleted; its version stays. */
  readonly value: unknown
  readonly revision: number
  readonly version: number
}

/** Values by key with versions and revisions, as the port KeyValue describes them. */
export class SimulatedKeys {
  readonly #entries = new Map<Key, Entry>()
  #revision = 0

  get(key: Key): StoredValue | undefined {
    const entry = this.#entries.get(key)
    return entry === undefined || entry.value === undefined
      ? undefined
      : { value: entry.value, revision: entry.revision }
  }
  /** @param value undefined deletes */
  set(key: Key, value: unknown, version: number | undefined): boolean {
    const held = this.#entries.get(key)?.version ?? Number.NEGATIVE_INFINITY
    if (version !== undefined && version < held) return false
    this.#revision += 1
    this.#entries.set(key, { value, revision: this.#revision, version: version ?? held })
    return true
  }
  compareAndSet(key: Key, revision: number | undefined, value: unknown): boolean {
    return this.get(key)?.revision === revision && this.set(key, value, undefined)
  }
  /** What readers see: [key, value] pairs in the order of keys. */
  get visible(): readonly (readonly [Key, unknown])[] {
    return [...this.#entries]
      .filter(([key, { value }]) => value !== undefined && isVisibleName(key))
      .map(([key, { value }]) => [key, value] as const)
      .sort(([a], [b]) => keyOrder(a, b))
  }
}
