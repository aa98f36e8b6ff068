/** Keyed state as it lies in the files of a completed checkpoint: what a recovery would go on from. */
import type { CompletedCheckpoint, Key, StateEntry } from '../model/index.ts'
import { shapeOfCut, type World } from './world.ts'

/** A map that nobody can change. */
export class FixedMap<K, V> implements ReadonlyMap<K, V> {
  readonly #entries: ReadonlyMap<K, V>
  constructor(entries: Iterable<readonly [K, V]>) {
    this.#entries = new Map(entries)
  }
  get size(): number {
    return this.#entries.size
  }
  get(key: K): V | undefined {
    return this.#entries.get(key)
  }
  has(key: K): boolean {
    return this.#entries.has(key)
  }
  keys(): MapIterator<K> {
    return this.#entries.keys()
  }
  values(): MapIterator<V> {
    return this.#entries.values()
  }
  entries(): MapIterator<[K, V]> {
    return this.#entries.entries()
  }
  forEach(each: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    this.#entries.forEach((value, key) => {
      each(value, key, this)
    })
  }
  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.#entries[Symbol.iterator]()
  }
}

/**
 * One state of an operator in a checkpoint, over all its subtasks, in the order of the keys: by type, then by value. A map state
 * is a map by key of maps.
 * @param spec the operator's index in the job graph
 * @returns null if no subtask has a state of this name
 */
export function stateOfCut(
  world: World,
  entry: CompletedCheckpoint,
  spec: number,
  name: string,
): ReadonlyMap<Key, unknown> | null {
  const values: [Key, unknown][] = []
  let known = false
  for (const vertex of shapeOfCut(world, entry).bySpec[spec]!) {
    const table = world.file(entry.files[vertex]!).content?.tables.get(name)
    if (table === undefined) continue
    known = true
    for (const [key, { value }] of table.entries) values.push([key, value])
    for (const [key, map] of table.maps) values.push([key, new FixedMap(inKeyOrder([...map.values()].map(ofMap)))])
  }
  return known ? new FixedMap(inKeyOrder(values)) : null
}

/** Names of the states that an operator has in a checkpoint. */
export function stateNames(world: World, entry: CompletedCheckpoint, spec: number): string[] {
  const names = new Set<string>()
  for (const vertex of shapeOfCut(world, entry).bySpec[spec]!)
    for (const name of world.file(entry.files[vertex]!).content?.tables.keys() ?? []) names.add(name)
  return [...names].sort()
}

const ofMap = ({ mapKey, value }: StateEntry): [Key, unknown] => [mapKey!, value]

const inKeyOrder = (entries: [Key, unknown][]): [Key, unknown][] =>
  entries.sort(([a], [b]) => {
    if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1
    return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  })
