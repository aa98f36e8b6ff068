/** Records in flight as they lie in the files of a completed checkpoint: what a recovery would make come before all others. */
import type { CompletedCheckpoint } from '../model/index.ts'
import { shapeOfCut, type World } from './world.ts'

/**
 * @param to index in the job graph of the operator that they are on their way to; null: whoever that is
 * @returns channel after channel; on each, what is at its receiver's end comes first
 */
export function inFlightInCut(world: World, entry: CompletedCheckpoint, to: number | null): readonly unknown[] {
  const values: unknown[] = []
  const { vertices } = world.layout
  for (const channel of shapeOfCut(world, entry).channels) {
    if (to !== null && vertices[channel.to]!.spec !== to) continue
    for (const side of ['inputs', 'outputs'] as const) {
      const { content } = world.file(entry.files[side === 'inputs' ? channel.to : channel.from]!)
      for (const { kind, value } of content?.channels?.[side].get(channel.id) ?? [])
        if (kind === 'record') values.push(value)
    }
  }
  return values
}
