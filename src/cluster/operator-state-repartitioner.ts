/**
 * Who reads which part of which file when operator state is restored: list state is dealt out element by element, union state
 * goes to everybody, broadcast state is the same in all copies, so that everybody reads one of them.
 *
 * ```
 *   4 elements over 3 subtasks:   file 0: [a b]  file 1: [c d]   ->   0: a b   1: c   2: d
 *   the next name goes on where the extra elements ended:             1 is the first to get one more
 * ```
 *
 * Flink: RoundRobinOperatorStateRepartitioner; facts: flink-behaviour.md 32.
 */

/** How the elements of a named state are dealt out. Flink: OperatorStateHandle.Mode. */
export type Distribution = 'split' | 'union' | 'broadcast'
/** Where the elements of one named state begin in a file, or any other numbers that tell them apart. */
export interface Partitions {
  readonly mode: Distribution
  readonly offsets: readonly number[]
}
/** A file with operator state, or the part of it that somebody reads. */
export interface OperatorStateHandle {
  /** Tells files apart. */
  readonly file: number
  readonly states: ReadonlyMap<string, Partitions>
}

/** Parts by file; what one subtask will read. */
type Merged = Map<number, Map<string, Partitions>>
/** One named state of one old subtask. */
interface Reported {
  readonly subtask: number
  readonly file: number
  readonly partitions: Partitions
}

/**
 * @param previous handles of each old subtask; none if it left no operator state
 * @param parallelism new one, at least 1
 * @returns handles that each new subtask reads, in order of their files
 * @throws RangeError if the new parallelism is not a whole number of at least 1
 */
export function redistributeOperatorState(
  previous: readonly (readonly OperatorStateHandle[])[],
  parallelism: number,
): readonly (readonly OperatorStateHandle[])[] {
  if (!Number.isSafeInteger(parallelism) || parallelism < 1)
    throw new RangeError(`operator state is redistributed over at least 1 subtask, but not over ${parallelism}`)
  return (parallelism === previous.length ? keep(previous) : dealOut(previous, parallelism)).map(handlesOf)
}

/** Equal parallelism: everybody keeps what it had, and gets union state and the copies that some subtask lacks. */
function keep(previous: readonly (readonly OperatorStateHandle[])[]): readonly Merged[] {
  const merged = previous.map((handles): Merged => new Map(handles.map(({ file, states }) => [file, new Map(states)])))
  unite(statesOf(previous, 'union'), merged)
  const lacking = [...statesOf(previous, 'broadcast')].filter(
    ([, reported]) => new Set(reported.map(({ subtask }) => subtask)).size < previous.length,
  )
  copy(new Map(lacking), merged)
  return merged
}
function dealOut(previous: readonly (readonly OperatorStateHandle[])[], parallelism: number): readonly Merged[] {
  const merged = Array.from({ length: parallelism }, (): Merged => new Map())
  split(statesOf(previous, 'split'), merged)
  unite(statesOf(previous, 'union'), merged)
  copy(statesOf(previous, 'broadcast'), merged)
  return merged
}

/** What the old subtasks reported of each state of a mode, in order of names. */
function statesOf(
  previous: readonly (readonly OperatorStateHandle[])[],
  mode: Distribution,
): ReadonlyMap<string, readonly Reported[]> {
  const found = new Map<string, Reported[]>()
  for (const [subtask, handles] of previous.entries())
    for (const { file, states } of handles)
      for (const [name, partitions] of states) {
        if (partitions.mode !== mode) continue
        const reported = found.get(name) ?? []
        reported.push({ subtask, file, partitions })
        found.set(name, reported)
      }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Runs of elements, as equal as can be; extra ones go to those after the last subtask that got an extra one. */
function split(states: ReadonlyMap<string, readonly Reported[]>, merged: readonly Merged[]): void {
  const parallelism = merged.length
  let first = 0
  for (const [name, reported] of states) {
    const total = reported.reduce((sum, { partitions }) => sum + partitions.offsets.length, 0)
    const share = Math.floor(total / parallelism)
    const extra = total % parallelism
    let source = 0
    let from = 0
    for (let i = 0; i < parallelism; i += 1) {
      const reader = merged[(first + i) % parallelism]!
      let wanted = share + (i < extra ? 1 : 0)
      while (wanted > 0) {
        const { file, partitions } = reported[source]!
        const offsets = partitions.offsets.slice(from, from + wanted)
        // a state without elements that is met on the way is read, too: as an empty one
        put(reader, file, name, { mode: 'split', offsets })
        wanted -= offsets.length
        from += offsets.length
        if (from === partitions.offsets.length) {
          source += 1
          from = 0
        }
      }
    }
    first = (first + extra) % parallelism
  }
}
function unite(states: ReadonlyMap<string, readonly Reported[]>, merged: readonly Merged[]): void {
  for (const reader of merged)
    for (const [name, reported] of states)
      for (const { file, partitions } of reported) put(reader, file, name, partitions)
}
function copy(states: ReadonlyMap<string, readonly Reported[]>, merged: readonly Merged[]): void {
  for (const [subtask, reader] of merged.entries())
    for (const [name, reported] of states) {
      const { file, partitions } = reported[subtask % reported.length]!
      put(reader, file, name, partitions)
    }
}
function put(reader: Merged, file: number, name: string, partitions: Partitions): void {
  const states = reader.get(file) ?? new Map<string, Partitions>()
  states.set(name, partitions)
  reader.set(file, states)
}
const handlesOf = (reader: Merged): readonly OperatorStateHandle[] =>
  [...reader].map(([file, states]) => ({ file, states })).sort((a, b) => a.file - b.file)
