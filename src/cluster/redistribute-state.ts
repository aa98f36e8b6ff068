/**
 * A restore at another parallelism: which parts of which files of a checkpoint each subtask reads. Keyed state and timers go with
 * their key groups; lists are dealt out, broadcast state is copied. Flink: StateAssignmentOperation.
 */
import type { JobGraph } from '../dataflow/index.ts'
import {
  type CompletedCheckpoint,
  type Key,
  keyGroupRange,
  type Shape,
  type SnapshotContent,
  type SnapshotFile,
  type StateEntry,
  type StateTable,
  type TimerEntry,
} from '../model/index.ts'
import { assignKeyedState, type KeyGroupsHandle } from './keyed-state-assignment.ts'
import { type OperatorStateHandle, type Partitions, redistributeOperatorState } from './operator-state-repartitioner.ts'
import { type ChannelPart, readChannels, redistributeChannels } from './redistribute-channels.ts'

/** What one subtask reads. */
export interface Redistributed {
  /** Each file once. */
  readonly files: readonly number[]
  readonly keyed: readonly KeyGroupsHandle[]
  readonly operator: readonly OperatorStateHandle[]
  readonly channels: readonly ChannelPart[]
}

/**
 * @param from shape that the checkpoint was taken at
 * @param to shape that it is restored at
 * @param fileOf files of storage, by number
 * @returns what each vertex of `to` reads
 */
export function redistributeState(
  graph: JobGraph,
  basis: CompletedCheckpoint,
  from: Shape,
  to: Shape,
  fileOf: (id: number) => SnapshotFile,
): ReadonlyMap<number, Redistributed> {
  const parts = new Map<number, Redistributed>()
  const { maxParallelism } = graph.settings
  const channels = redistributeChannels(graph, basis, from, to, fileOf)
  graph.vertices.forEach((_, spec) => {
    const old = from.bySpec[spec]!
    const now = to.bySpec[spec]!
    // handles tell files apart by subtask, since parts are read in the order of their files
    const files = old.map((vertex) => fileOf(basis.files[vertex]!))
    const isKeyed = graph.edges.some((edge) => edge.to === spec && edge.partitioner === 'key')
    const keyed = assignKeyedState(
      files.map((file, subtask) => (isKeyed ? keyedHandles(file, subtask, maxParallelism, old.length) : [])),
      maxParallelism,
      now.length,
    )
    const operator = redistributeOperatorState(
      files.map((file, subtask) => operatorHandles(file, subtask)),
      now.length,
    )
    now.forEach((vertex, subtask) => {
      const own = {
        channels: channels.get(vertex)!,
        keyed: keyed[subtask]!.map((handle) => ({ ...handle, file: files[handle.file]!.id })),
        operator: operator[subtask]!.map((handle) => ({ ...handle, file: files[handle.file]!.id })),
      }
      const read = new Set([...own.keyed, ...own.operator, ...own.channels].map(({ file }) => file))
      parts.set(vertex, { ...own, files: [...read] })
    })
  })
  return parts
}

function keyedHandles(file: SnapshotFile, subtask: number, groups: number, parallelism: number): KeyGroupsHandle[] {
  const { tables, timers } = file.content!
  if (tables.size === 0 && timers.length === 0) return []
  const [first, last] = keyGroupRange(subtask, groups, parallelism)
  return [{ file: subtask, first, last }]
}
function operatorHandles(file: SnapshotFile, subtask: number): OperatorStateHandle[] {
  const states = new Map<string, Partitions>()
  const { lists, broadcasts } = file.content!
  lists.forEach((items, name) => {
    states.set(name, { mode: 'split', offsets: items.map((_, i) => i) })
  })
  broadcasts.forEach((_, name) => {
    states.set(name, { mode: 'broadcast', offsets: [0] })
  })
  return states.size === 0 ? [] : [{ file: subtask, states }]
}

/** The state that a subtask has after it has read its parts. */
export function readParts(
  { keyed, operator, channels }: Redistributed,
  fileOf: (id: number) => SnapshotFile,
): SnapshotContent {
  const tables = new Map<string, Tables>()
  const timers: TimerEntry[] = []
  for (const { file, first, last } of keyed) {
    const isRead = ({ keyGroup }: { readonly keyGroup: number }): boolean => keyGroup >= first && keyGroup <= last
    const content = fileOf(file).content!
    content.tables.forEach((table, name) => {
      addTable(tables, name, table, isRead)
    })
    timers.push(...content.timers.filter(isRead))
  }
  const lists = new Map<string, readonly unknown[]>()
  const broadcasts = new Map<string, ReadonlyMap<Key, unknown>>()
  for (const { file, states } of operator) {
    const content = fileOf(file).content!
    states.forEach(({ mode, offsets }, name) => {
      if (mode === 'broadcast') broadcasts.set(name, content.broadcasts.get(name)!)
      else {
        const items = content.lists.get(name)!
        lists.set(name, [...(lists.get(name) ?? []), ...offsets.map((offset) => items[offset])])
      }
    })
  }
  const inFlight = readChannels(channels, fileOf)
  return { tables, timers, lists, broadcasts, ...(inFlight === undefined ? {} : { channels: inFlight }) }
}

interface Tables extends StateTable {
  readonly entries: Map<Key, StateEntry>
  readonly maps: Map<Key, ReadonlyMap<Key, StateEntry>>
}
function addTable(
  tables: Map<string, Tables>,
  name: string,
  from: StateTable,
  isRead: (entry: StateEntry) => boolean,
): void {
  const into = tables.get(name) ?? { entries: new Map(), maps: new Map() }
  tables.set(name, into)
  from.entries.forEach((entry, key) => {
    if (isRead(entry)) into.entries.set(key, entry)
  })
  from.maps.forEach((map, key) => {
    // entries of one map have one key, and so one key group
    const [any] = map.values()
    if (any !== undefined && isRead(any)) into.maps.set(key, map)
  })
}
