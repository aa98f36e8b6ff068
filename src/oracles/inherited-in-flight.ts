/**
 * What has to be in flight again when a checkpoint is restored at another parallelism, from the rules alone (facts:
 * checkpointing.md 1.3): every captured record once, at the same end of a channel, on its way to whoever has to have it now.
 */
import type { EdgeSpec } from '../dataflow/index.ts'
import type { CompletedCheckpoint, InFlightElement, Key, Shape } from '../model/index.ts'
import { keyGroupByTheRules } from './partition.ts'
import type { World } from './world.ts'

/** Records that come back on a channel: what its receiver reads first, and what its sender sends after that. */
export interface InheritedChannel {
  readonly inputs: InFlightElement[]
  readonly outputs: InFlightElement[]
}

/** @returns by channel of the new shape, as far as something is in flight on it; records of older senders come first */
export function inheritedInFlight(
  world: Pick<World, 'graph' | 'file'>,
  basis: CompletedCheckpoint,
  from: Shape,
  to: Shape,
): ReadonlyMap<number, InheritedChannel> {
  const { edges, settings } = world.graph
  const inherited = new Map<number, InheritedChannel>()
  for (const { id, edge, from: sender, to: receiver } of from.channels) {
    const spec = edges[edge]!
    const senders = to.bySpec[spec.from]!
    const receivers = to.bySpec[spec.to]!
    const heir = senders[from.bySpec[spec.from]!.indexOf(sender) % senders.length]!
    const old = from.bySpec[spec.to]!.indexOf(receiver)
    for (const side of ['inputs', 'outputs'] as const) {
      const { content } = world.file(basis.files[side === 'inputs' ? receiver : sender]!)
      for (const element of content?.channels?.[side].get(id) ?? []) {
        if (element.kind !== 'record') continue
        const place = placeOf(spec, element.value, old, receivers.length, settings.maxParallelism)
        const channel = to.channels.find((c) => c.edge === edge && c.from === heir && c.to === receivers[place])!
        const records = inherited.get(channel.id) ?? { inputs: [], outputs: [] }
        inherited.set(channel.id, records)
        records[side].push(element)
      }
    }
  }
  return inherited
}

/** Subtask that a record in flight has to come to. */
function placeOf(spec: EdgeSpec, value: unknown, old: number, parallelism: number, maxParallelism: number): number {
  if (spec.partitioner === 'global') return 0
  if (spec.partitioner !== 'key') return old % parallelism
  const raw = (spec.keyOf as (value: unknown) => Key)(value)
  const group = keyGroupByTheRules(raw === 0 ? 0 : raw, spec.keyType, maxParallelism)
  return Math.trunc((group * parallelism) / maxParallelism)
}
