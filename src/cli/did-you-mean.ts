import { UsageError } from './usage-error.ts'

/**
 * The candidate that was probably meant by `word`, or null if none is near: the only one that begins with it, else the one
 * with the fewest wrong letters. Case does not matter; ties go to the first.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | null {
  const lower = word.toLowerCase()
  const beginning = [...candidates].filter((candidate) => candidate.toLowerCase().startsWith(lower))
  if (beginning.length === 1 && lower.length >= 3) return beginning[0]!
  let best: string | null = null
  let fewest = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const edits = editDistance(lower, candidate.toLowerCase())
    if (edits < fewest) {
      fewest = edits
      best = candidate
    }
  }
  // A third of the letters may be wrong, and of a short word one: 'ls' is not 'list', but 'lsit' is.
  return best !== null && fewest <= Math.max(1, Math.floor(best.length / 3)) ? best : null
}

/**
 * The error for a name that does not exist, with the nearest one, else all there are.
 * @param kind what the name is of, e.g. 'scenario'
 * @param where the command that lists them, if there are too many for a sentence
 */
export function unknownName(kind: string, name: string, known: readonly string[], where?: string): UsageError {
  const near = didYouMean(name, known)
  const hint =
    near !== null
      ? `did you mean '${near}'?`
      : where !== undefined
        ? `see ${where}.`
        : known.length > 0
          ? `choose one of ${known.join(', ')}.`
          : 'there is none yet.'
  return new UsageError(`There is no ${kind} '${name}': ${hint}`)
}

/** Damerau and Levenshtein's distance (optimal string alignment): insert, delete, replace, or swap two neighbours. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = last[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)
      let edits = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1)
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        edits = Math.min(edits, beforeLast[j - 2]! + 1)
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[to.length]!
}
