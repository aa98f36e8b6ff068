/**
 * What each subtask has to begin with when a checkpoint is restored at another parallelism, from the rules alone (facts:
 * checkpointing.md 2.5, flink-behaviour.md 32): not from the code that assigns state, which is judged by it.
 */
import type {
  CompletedCheckpoint,
  Key,
  Shape,
  SnapshotContent,
  StateEntry,
  StateTable,
  TimerEntry,
} from '../model/index.ts'
import type { World } from './world.ts'

/** @returns by vertex of the new shape */
export function inheritedState(
  world: Pick<World, 'graph' | 'file'>,
  basis: CompletedCheckpoint,
  from: Shape,
  to: Shape,
): ReadonlyMap<number, SnapshotContent> {
  const inherited = new Map<number, SnapshotContent>()
  world.graph.vertices.forEach((_, spec) => {
    const old = from.bySpec[spec]!.map((vertex) => world.file(basis.files[vertex]!).content!)
    const heirs = to.bySpec[spec]!
    const lists = listsOf(old, heirs.length)
    heirs.forEach((vertex, subtask) => {
      const isOwn = ({ keyGroup }: { readonly keyGroup: number }): boolean =>
        Math.trunc((keyGroup * heirs.length) / world.graph.settings.maxParallelism) === subtask
      inherited.set(vertex, {
        tables: tablesOf(old, isOwn),
        timers: old.flatMap(({ timers }) => timers.filter((timer: TimerEntry) => isOwn(timer))),
        lists: lists[subtask]!,
        broadcasts: broadcastsOf(old, heirs.length, subtask),
      })
    })
  })
  return inherited
}

function tablesOf(old: readonly SnapshotContent[], isOwn: (entry: StateEntry) => boolean): Map<string, StateTable> {
  const tables = new Map<string, { entries: Map<Key, StateEntry>; maps: Map<Key, Map<Key, StateEntry>> }>()
  for (const content of old)
    for (const [name, { entries, maps }] of content.tables) {
      const table = tables.get(name) ?? { entries: new Map(), maps: new Map() }
      tables.set(name, table)
      for (const [key, entry] of entries) if (isOwn(entry)) table.entries.set(key, entry)
      for (const [key, map] of maps) {
        const own = [...map].filter(([, entry]) => isOwn(entry))
        if (own.length > 0) table.maps.set(key, new Map(own))
      }
    }
  return tables
}

/** Dealt out by name, in order: whoever comes after the last that got one more is the first at the next name. */
function listsOf(old: readonly SnapshotContent[], parallelism: number): Map<string, readonly unknown[]>[] {
  if (old.length === parallelism) return old.map(({ lists }) => new Map(lists))
  const dealt = Array.from({ length: parallelism }, () => new Map<string, readonly unknown[]>())
  const names = [...new Set(old.flatMap(({ lists }) => [...lists.keys()]))].sort()
  let turn = 0
  for (const name of names) {
    const items = old.flatMap(({ lists }) => lists.get(name) ?? [])
    const more = items.length % parallelism
    let at = 0
    for (let i = 0; i < parallelism; i += 1) {
      const share = (items.length - more) / parallelism + (i < more ? 1 : 0)
      dealt[(turn + i) % parallelism]!.set(name, items.slice(at, at + share))
      at += share
    }
    turn = (turn + more) % parallelism
  }
  return dealt
}

/** Everybody gets a copy; it is the own one, if the parallelism is the same and everybody had one. */
function broadcastsOf(
  old: readonly SnapshotContent[],
  parallelism: number,
  subtask: number,
): SnapshotContent['broadcasts'] {
  const names = new Set(old.flatMap(({ broadcasts }) => [...broadcasts.keys()]))
  const copies = new Map<string, ReadonlyMap<Key, unknown>>()
  for (const name of names) {
    const reported = old.flatMap(({ broadcasts }) => broadcasts.get(name) ?? [])
    const own = old.length === parallelism ? old[subtask]!.broadcasts.get(name) : undefined
    copies.set(name, own ?? reported[subtask % reported.length]!)
  }
  return copies
}
