/**
 * What is in flight in a checkpoint, at another parallelism. What lay at the sender's end goes to the new sender that the old one
 * falls to in turn; who receives it depends on how the edge deals records out:
 *
 * ```
 *   key        whoever owns the key group now: everybody whose range overlaps the old one reads, and keeps its own
 *   rebalance  the new subtask that the old receiver falls to in turn
 *   global     the first
 * ```
 *
 * On pointwise and broadcast edges nothing is in flight: barriers stay behind the records there. Watermarks do not come back,
 * since those of several old channels in one new one say nothing; all are made anew. Flink: SubtaskStateMapper,
 * TaskStateAssignment; VirtualChannelSelector filters what is ambiguous.
 */
import type { JobGraph } from '../dataflow/index.ts'
import {
  type ChannelState,
  type CompletedCheckpoint,
  type InFlightElement,
  keyGroupRange,
  type LayoutChannel,
  type Shape,
  type SnapshotFile,
} from '../model/index.ts'

/** What of an old channel comes back in a new one. */
export interface ChannelPart {
  readonly file: number
  readonly side: keyof ChannelState
  /** Channels of the layout. */
  readonly from: number
  readonly to: number
  /** Key groups that are kept: first and last; null: everything. */
  readonly groups: readonly [number, number] | null
}

/** @returns what each vertex of `to` reads; in the order of the old senders, then of the old receivers */
export function redistributeChannels(
  graph: JobGraph,
  basis: CompletedCheckpoint,
  from: Shape,
  to: Shape,
  fileOf: (id: number) => SnapshotFile,
): ReadonlyMap<number, readonly ChannelPart[]> {
  const parts = new Map<number, ChannelPart[]>(to.vertices.map(({ id }) => [id, []]))
  const subtasks = new Map(from.vertices.map(({ id, subtask }) => [id, subtask]))
  const heirs = new Map(to.channels.map((channel) => [`${channel.edge} ${channel.from} ${channel.to}`, channel]))
  for (const old of from.channels) {
    const { from: spec, to: target } = graph.edges[old.edge]!
    const senders = to.bySpec[spec]!
    const receivers = to.bySpec[target]!
    const sender = senders[subtasks.get(old.from)! % senders.length]!
    for (const side of ['inputs', 'outputs'] as const) {
      const file = basis.files[side === 'inputs' ? old.to : old.from]!
      if (!fileOf(file).content!.channels?.[side].has(old.id)) continue
      for (const { receiver, groups } of readersOf(old, subtasks.get(old.to)!, from, target, receivers, graph)) {
        const heir = heirs.get(`${old.edge} ${sender} ${receiver}`)!
        parts.get(side === 'inputs' ? receiver : sender)!.push({ file, side, from: old.id, to: heir.id, groups })
      }
    }
  }
  return parts
}

interface Reader {
  readonly receiver: number
  readonly groups: ChannelPart['groups']
}
function readersOf(
  { partitioner }: LayoutChannel,
  subtask: number,
  from: Shape,
  target: number,
  receivers: readonly number[],
  graph: JobGraph,
): readonly Reader[] {
  if (partitioner === 'global') return [{ receiver: receivers[0]!, groups: null }]
  if (partitioner !== 'key') return [{ receiver: receivers[subtask % receivers.length]!, groups: null }]
  const { maxParallelism } = graph.settings
  const [first, last] = keyGroupRange(subtask, maxParallelism, from.bySpec[target]!.length)
  return receivers.flatMap((receiver, i): Reader[] => {
    const groups = keyGroupRange(i, maxParallelism, receivers.length)
    return groups[0] <= last && groups[1] >= first ? [{ receiver, groups }] : []
  })
}

/** What is in flight again at a subtask that has read its parts; undefined if nothing is. */
export function readChannels(
  parts: readonly ChannelPart[],
  fileOf: (id: number) => SnapshotFile,
): ChannelState | undefined {
  const sides = { inputs: new Map<number, InFlightElement[]>(), outputs: new Map<number, InFlightElement[]>() }
  for (const { file, side, from, to, groups } of parts)
    for (const element of fileOf(file).content!.channels![side].get(from)!) {
      if (element.kind !== 'record') continue
      const { keyGroup } = element
      if (groups !== null && (keyGroup === undefined || keyGroup < groups[0] || keyGroup > groups[1])) continue
      const elements = sides[side].get(to) ?? []
      elements.push(element)
      sides[side].set(to, elements)
    }
  return sides.inputs.size === 0 && sides.outputs.size === 0 ? undefined : sides
}
