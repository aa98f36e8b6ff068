/**
 * The state of one subtask's operator: keyed tables, timers, operator lists. Entries are immutable and carry the content hash of
 * their write, so that digests and sizes are sums that a write changes in constant time, and snapshots share entries.
 */
import type {
  AggregatingState,
  AggregatingStateDescriptor,
  BroadcastState,
  KeyedStateDescriptor,
  ListState,
  ListStateDescriptor,
  MapState,
  MapStateDescriptor,
  ReducingState,
  ReducingStateDescriptor,
  ValueState,
  ValueStateDescriptor,
} from '../dataflow/index.ts'
import { deepFreeze, encodedBytes } from '../kernel/index.ts'
import {
  canonicalKey,
  digestOfBroadcasts,
  digestOfLists,
  type Key,
  type SnapshotContent,
  type StateDigest,
  type StateEntry,
  type StateTable,
  stateEntryHash,
  stateNameHash,
} from '../model/index.ts'
import { keyOrder, TimerQueue } from './timer-queue.ts'

interface MutableTable extends StateTable {
  readonly entries: Map<Key, StateEntry>
  readonly maps: Map<Key, Map<Key, StateEntry>>
}
const EMPTY: readonly never[] = Object.freeze([])

export class StateBackend {
  readonly #tables = new Map<string, MutableTable>()
  readonly #kinds = new Map<string, KeyedStateDescriptor['kind']>()
  readonly #lists = new Map<string, readonly unknown[]>()
  readonly #broadcasts = new Map<string, Map<Key, unknown>>()
  readonly eventTimers = new TimerQueue('event')
  readonly processingTimers = new TimerQueue('processing')
  #keyed = 0
  #keyedBytes = 0
  #key: Key | undefined
  #keyGroup = 0

  setKey(key: Key, keyGroup: number): void {
    this.#key = key
    this.#keyGroup = keyGroup
  }
  clearKey(): void {
    this.#key = undefined
  }
  currentKey(): Key {
    if (this.#key === undefined)
      throw new Error(
        'keyed state or a timer is used where there is no key: use both in processElement or onTimer, behind keyBy',
      )
    return this.#key
  }
  get keyGroup(): number {
    return this.#keyGroup
  }

  #table({ name, kind }: KeyedStateDescriptor): MutableTable {
    const declared = this.#kinds.get(name) ?? kind
    if (declared !== kind)
      throw new TypeError(
        `the state '${name}' is declared as ${declared} state and as ${kind} state: give each a name of its own`,
      )
    this.#kinds.set(name, kind)
    let table = this.#tables.get(name)
    if (table === undefined) {
      table = { entries: new Map(), maps: new Map() }
      this.#tables.set(name, table)
    }
    return table
  }
  #entry(nameHash: number, value: unknown, mapKey?: Key): StateEntry {
    const key = this.currentKey()
    const frozen = deepFreeze(value)
    const hash = stateEntryHash(nameHash, key, frozen, mapKey)
    const bytes = encodedBytes(key) + encodedBytes(frozen)
    if (mapKey === undefined) return { key, keyGroup: this.#keyGroup, value: frozen, hash, bytes }
    return { key, keyGroup: this.#keyGroup, value: frozen, hash, bytes: bytes + encodedBytes(mapKey), mapKey }
  }
  #add(entry: StateEntry): void {
    this.#keyed = (this.#keyed + entry.hash) | 0
    this.#keyedBytes += entry.bytes
  }
  #subtract(entry: StateEntry | undefined): void {
    if (entry === undefined) return
    this.#keyed = (this.#keyed - entry.hash) | 0
    this.#keyedBytes -= entry.bytes
  }
  #put(table: MutableTable, nameHash: number, value: unknown): void {
    const key = this.currentKey()
    this.#subtract(table.entries.get(key))
    const entry = this.#entry(nameHash, value)
    table.entries.set(key, entry)
    this.#add(entry)
  }
  #remove(table: MutableTable): void {
    const key = this.currentKey()
    this.#subtract(table.entries.get(key))
    table.entries.delete(key)
  }

  value<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    const table = this.#table(descriptor)
    const nameHash = stateNameHash(descriptor.name)
    return {
      value: () => {
        const entry = table.entries.get(this.currentKey())
        return entry === undefined ? descriptor.defaultValue : (entry.value as T)
      },
      update: (value) => (value === undefined ? this.#remove(table) : this.#put(table, nameHash, value)),
      clear: () => this.#remove(table),
    }
  }
  list<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    const table = this.#table(descriptor)
    const nameHash = stateNameHash(descriptor.name)
    const get = (): readonly T[] => (table.entries.get(this.currentKey())?.value as readonly T[] | undefined) ?? EMPTY
    return {
      get,
      add: (value) => this.#put(table, nameHash, [...get(), value]),
      update: (values) => (values.length === 0 ? this.#remove(table) : this.#put(table, nameHash, [...values])),
      clear: () => this.#remove(table),
    }
  }
  reducing<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    const table = this.#table(descriptor)
    const nameHash = stateNameHash(descriptor.name)
    const get = (): T | undefined => table.entries.get(this.currentKey())?.value as T | undefined
    return {
      get,
      add: (value) => {
        const old = get()
        this.#put(table, nameHash, old === undefined ? value : descriptor.reduce(old, value))
      },
      clear: () => this.#remove(table),
    }
  }
  aggregating<In, Acc, Out>(descriptor: AggregatingStateDescriptor<In, Acc, Out>): AggregatingState<In, Out> {
    const table = this.#table(descriptor)
    const nameHash = stateNameHash(descriptor.name)
    const accumulator = (): Acc | undefined => table.entries.get(this.currentKey())?.value as Acc | undefined
    return {
      get: () => {
        const held = accumulator()
        return held === undefined ? undefined : descriptor.aggregate.getResult(held)
      },
      add: (value) => {
        const { aggregate } = descriptor
        const held = accumulator()
        this.#put(table, nameHash, aggregate.add(value, held === undefined ? aggregate.createAccumulator() : held))
      },
      clear: () => this.#remove(table),
    }
  }
  map<K extends Key, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    const table = this.#table(descriptor)
    const nameHash = stateNameHash(descriptor.name)
    const own = (): Map<Key, StateEntry> | undefined => table.maps.get(this.currentKey())
    const remove = (key: K): void => {
      const map = own()
      const entry = map?.get(key)
      if (map === undefined || entry === undefined) return
      this.#subtract(entry)
      map.delete(key)
      if (map.size === 0) table.maps.delete(this.currentKey())
    }
    return {
      get: (key) => own()?.get(key)?.value as V | undefined,
      put: (key, value) => {
        let map = own()
        if (map === undefined) {
          map = new Map()
          table.maps.set(this.currentKey(), map)
        }
        const canonical = canonicalKey(key)
        this.#subtract(map.get(canonical))
        const entry = this.#entry(nameHash, value, canonical)
        map.set(canonical, entry)
        this.#add(entry)
      },
      contains: (key) => own()?.has(key) === true,
      remove,
      // insertion order differs after a restore, the order of keys does not
      entries: () =>
        [...(own()?.values() ?? [])]
          .sort((a, b) => keyOrder(a.mapKey!, b.mapKey!))
          .map((e) => [e.mapKey as K, e.value as V] as const),
      isEmpty: () => own() === undefined,
      clear: () => {
        for (const entry of own()?.values() ?? []) this.#subtract(entry)
        table.maps.delete(this.currentKey())
      },
    }
  }
  operatorList<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    const { name } = descriptor
    if (!this.#lists.has(name)) this.#lists.set(name, EMPTY)
    const get = (): readonly T[] => this.#lists.get(name) as readonly T[]
    return {
      get,
      add: (value) => void this.#lists.set(name, deepFreeze([...get(), value])),
      update: (values) => void this.#lists.set(name, deepFreeze([...values])),
      clear: () => void this.#lists.set(name, EMPTY),
    }
  }
  broadcast<K extends Key, V>({ name }: MapStateDescriptor<K, V>): BroadcastState<K, V> {
    let entries = this.#broadcasts.get(name)
    if (entries === undefined) {
      entries = new Map()
      this.#broadcasts.set(name, entries)
    }
    const own = entries
    return {
      get: (key) => own.get(key) as V | undefined,
      put: (key, value) => void own.set(key, deepFreeze(value)),
      contains: (key) => own.has(key),
      remove: (key) => void own.delete(key),
      entries: () => [...own].sort(([a], [b]) => keyOrder(a, b)).map(([key, value]) => [key as K, value as V] as const),
      isEmpty: () => own.size === 0,
      clear: () => own.clear(),
    }
  }
  /** Keys that have something under a state name, in their order. */
  keysOf(name: string): readonly { readonly key: Key; readonly keyGroup: number }[] {
    const table = this.#tables.get(name)
    if (table === undefined) return []
    const entries = [...table.entries.values()]
    for (const map of table.maps.values()) for (const entry of map.values()) entries.push(entry)
    const groups = new Map(entries.map(({ key, keyGroup }) => [key, keyGroup]))
    return [...groups].map(([key, keyGroup]) => ({ key, keyGroup })).sort((a, b) => keyOrder(a.key, b.key))
  }
  setList(name: string, items: readonly unknown[]): void {
    this.#lists.set(name, deepFreeze(items))
  }
  getList(name: string): readonly unknown[] {
    return this.#lists.get(name) ?? EMPTY
  }

  /** Digest and size as the writes have left them. */
  digest(into: StateDigest): StateDigest {
    into.keyed = this.#keyed
    into.timers = (this.eventTimers.digest + this.processingTimers.digest) | 0
    into.bytes = this.#keyedBytes + 21 * (this.eventTimers.size + this.processingTimers.size)
    into.lists = digestOfLists(this.#lists)
    if (this.#broadcasts.size > 0) {
      into.lists = (into.lists + digestOfBroadcasts(this.#broadcasts)) | 0
      this.#broadcasts.forEach((entries) => {
        entries.forEach((value, key) => {
          into.bytes += encodedBytes(key) + encodedBytes(value)
        })
      })
    }
    this.#lists.forEach((items) => {
      for (let i = 0; i < items.length; i += 1) into.bytes += encodedBytes(items[i])
    })
    return into
  }
  /** The live state itself: what an asynchronous snapshot must not keep. */
  live(): SnapshotContent {
    return {
      tables: this.#tables,
      timers: [...this.eventTimers.entries(), ...this.processingTimers.entries()],
      lists: this.#lists,
      broadcasts: this.#broadcasts,
    }
  }
  /** Takes the maps of a snapshot as live state: they must be a copy (see `copyOf`), since writes go to them. */
  adopt(content: SnapshotContent): void {
    for (const [name, table] of content.tables) {
      this.#tables.set(name, table as MutableTable)
      for (const entry of table.entries.values()) this.#add(entry)
      for (const map of table.maps.values()) for (const entry of map.values()) this.#add(entry)
    }
    for (const timer of content.timers)
      (timer.domain === 'event' ? this.eventTimers : this.processingTimers).restore(timer)
    for (const [name, items] of content.lists) this.#lists.set(name, items)
    for (const [name, entries] of content.broadcasts) this.#broadcasts.set(name, entries as Map<Key, unknown>)
  }
}

/** A copy that later writes to the live state do not reach. */
export function copyOf(live: SnapshotContent): SnapshotContent {
  const tables = new Map<string, StateTable>()
  live.tables.forEach((table, name) => {
    const maps = new Map<Key, Map<Key, StateEntry>>()
    table.maps.forEach((map, key) => {
      maps.set(key, new Map(map))
    })
    tables.set(name, { entries: new Map(table.entries), maps })
  })
  const broadcasts = new Map<string, ReadonlyMap<Key, unknown>>()
  live.broadcasts.forEach((entries, name) => {
    broadcasts.set(name, new Map(entries))
  })
  return { tables, timers: live.timers, lists: new Map(live.lists), broadcasts }
}
