import { keyGroupRange } from '../model/index.ts'

/** Key groups of a file with keyed state, or the part of them that somebody reads: first and last, both inclusive. */
export interface KeyGroupsHandle {
  /** Tells files apart. */
  readonly file: number
  readonly first: number
  readonly last: number
}

/**
 * Who reads which key groups of which file when keyed state is restored: each new subtask those of its range.
 * Flink: StateAssignmentOperation.getManagedKeyedStateHandles.
 * @param previous handles of each old subtask; none if it left no keyed state
 * @param maxParallelism number of key groups
 * @param parallelism new one, from 1 to `maxParallelism`
 * @returns handles that each new subtask reads, in order of the old subtasks
 * @throws RangeError if there are fewer key groups than subtasks
 */
export function assignKeyedState(
  previous: readonly (readonly KeyGroupsHandle[])[],
  maxParallelism: number,
  parallelism: number,
): readonly (readonly KeyGroupsHandle[])[] {
  if (!Number.isSafeInteger(parallelism) || parallelism < 1 || parallelism > maxParallelism)
    throw new RangeError(
      `keyed state of ${maxParallelism} key groups goes to 1 to ${maxParallelism} subtasks, but not to ${parallelism}`,
    )
  return Array.from({ length: parallelism }, (_, subtask) => {
    const [first, last] = keyGroupRange(subtask, maxParallelism, parallelism)
    return previous.flat().flatMap((handle) => {
      const part = { file: handle.file, first: Math.max(first, handle.first), last: Math.min(last, handle.last) }
      return part.first <= part.last ? [part] : []
    })
  })
}
