/** What a snapshot holds, and what a completed checkpoint is. */
import type { Key } from './key-group.ts'
import type { SnapshotKind } from './snapshot-kind.ts'

/** One keyed value. Entries are never changed: a write makes a new one, so that a snapshot can share them. */
export interface StateEntry {
  readonly key: Key
  readonly keyGroup: number
  /** Deep-frozen. */
  readonly value: unknown
  /** Content hash of (state name, key, map key, value) as of the write. */
  readonly hash: number
  readonly bytes: number
  /** For map state: the key within the map. */
  readonly mapKey?: Key
}
export interface TimerEntry {
  readonly domain: 'event' | 'processing'
  readonly key: Key
  readonly keyGroup: number
  readonly timestampMs: number
  /** What else tells timers of one key and time apart, such as a window; '' if nothing. */
  readonly namespace: string
  readonly hash: number
}
/** Entries of one state name: by key, and for map state by key and map key. */
export interface StateTable {
  readonly entries: ReadonlyMap<Key, StateEntry>
  readonly maps: ReadonlyMap<Key, ReadonlyMap<Key, StateEntry>>
}
/** A record or watermark that a barrier has overtaken. */
export interface InFlightElement {
  readonly kind: 'record' | 'watermark'
  /** Deep-frozen; undefined for a watermark. */
  readonly value: unknown
  /** NaN: none. */
  readonly timestampMs: number
  /** On a keyed edge, as its sender computed it. */
  readonly key?: Key
  readonly keyGroup?: number
}
/** What a checkpoint holds of the channels of one subtask, by channel of the layout, in the order in which it goes through them. */
export interface ChannelState {
  /** What had arrived and not been read, and what arrived after the snapshot before the channel's barrier. */
  readonly inputs: ReadonlyMap<number, readonly InFlightElement[]>
  /** What had been emitted and not been sent. */
  readonly outputs: ReadonlyMap<number, readonly InFlightElement[]>
}
/** State of one subtask. */
export interface SnapshotContent {
  readonly tables: ReadonlyMap<string, StateTable>
  readonly timers: readonly TimerEntry[]
  /** Operator list state by name; a reader's splits and a sink's transactions are such lists. */
  readonly lists: ReadonlyMap<string, readonly unknown[]>
  /** Broadcast state by name: operator maps that are to be the same in every subtask. Values are deep-frozen. */
  readonly broadcasts: ReadonlyMap<string, ReadonlyMap<Key, unknown>>
  /** Absent if nothing was in flight. */
  readonly channels?: ChannelState
}
/** Digests of the parts of a subtask's state, and its size. */
export interface StateDigest {
  keyed: number
  timers: number
  lists: number
  /** Of what is in flight; absent if there is nothing. */
  channels?: number
  bytes: number
}
/** The list under which a source reader keeps its splits, as [split, position] pairs. */
export const SPLITS = 'source-reader-splits'
/** The list under which a transactional sink keeps [transaction, checkpoint] pairs; checkpoint 0: still open. */
export const TRANSACTIONS = 'sink-transactions'

/** A file of snapshot storage. */
export interface SnapshotFile {
  readonly id: number
  readonly vertex: number
  readonly checkpoint: number
  readonly attempt: number
  content: SnapshotContent | null
  readonly bytes: number
  durable: boolean
  deleted: boolean
}
/** An entry of the completed-checkpoint store. */
export interface CompletedCheckpoint {
  readonly id: number
  /** A checkpoint unless told. */
  readonly kind?: SnapshotKind
  readonly epoch: number
  readonly execution: number
  readonly triggeredAtUs: number
  /** File of each vertex of the layout; -1 for those that were not part of it. */
  readonly files: readonly number[]
  /** Unassigned splits of each source of the job graph, by vertex index in the graph. */
  readonly enumerators: ReadonlyMap<number, readonly number[]>
}
