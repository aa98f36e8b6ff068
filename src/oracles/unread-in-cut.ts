/** What a source has yet to read in a completed checkpoint: splits with their positions, and those that nobody has been given. */
import { type CompletedCheckpoint, SPLITS } from '../model/index.ts'
import { shapeOfCut, type World } from './world.ts'

/**
 * @param source its index in the job graph
 * @param values what it has to read in all, split after split
 */
export function unreadInCut<T>(
  world: World,
  entry: CompletedCheckpoint,
  source: number,
  values: readonly T[],
): readonly T[] {
  const lengths = world.splitLengths(source)
  // a split that nobody has is finished
  const positions = [...lengths]
  for (const split of entry.enumerators.get(source) ?? []) positions[split] = 0
  for (const vertex of shapeOfCut(world, entry).bySpec[source]!) {
    const list = world.file(entry.files[vertex]!).content?.lists.get(SPLITS) ?? []
    for (const [split, position] of list as readonly (readonly [number, number])[]) positions[split] = position
  }
  let end = 0
  return lengths.flatMap((length, split) => {
    end += length
    return values.slice(end - length + positions[split]!, end)
  })
}
