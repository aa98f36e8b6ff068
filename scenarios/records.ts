/** What the invariants of several scenarios need: groups of records, numbers of which each must come once, lists compared. */

/** Records by a key, in their order. */
export function grouped<T, K>(records: readonly T[], keyOf: (record: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const record of records) {
    const key = keyOf(record)
    const group = groups.get(key)
    if (group) group.push(record)
    else groups.set(key, [record])
  }
  return groups
}

/** What is wrong if the numbers are not 1 to n, each once, in any order; undefined if they are. */
export function notOnceEach(numbers: readonly number[], n: number): string | undefined {
  const seen = new Uint8Array(n + 1)
  for (const number of numbers) {
    if (!(number >= 1 && number <= n)) return `${number} is there, which is not from 1 to ${n}`
    if (seen[number] === 1) return `${number} is there twice`
    seen[number] = 1
  }
  const missing = seen.indexOf(0, 1)
  return missing < 0 ? undefined : `${missing} of 1 to ${n} is missing`
}

/** What is wrong if the numbers are not 1 to n or to more, each at least once, in any order; undefined if they are. */
export function notEach(numbers: readonly number[], n: number): string | undefined {
  const seen = new Set(numbers)
  for (let number = 1; number <= Math.max(n, seen.size); number += 1)
    if (!seen.has(number)) return `${number} is missing`
  return undefined
}

/** What is wrong if two lists do not hold the same texts equally often, in any order; undefined if they do. */
export function notTheSame(expected: readonly string[], actual: readonly string[]): string | undefined {
  for (const [text, more] of surplus(expected, actual)) {
    if (more < 0) return `${text} is missing${more === -1 ? '' : ` ${-more} times`}`
    if (more > 0) return `${text} is there ${more === 1 ? 'once' : `${more} times`} too often`
  }
  return undefined
}

/** What is wrong if a text is less often in the second list than in the first, or is in the second alone. */
export function notAtLeast(expected: readonly string[], actual: readonly string[]): string | undefined {
  const known = new Set(expected)
  for (const [text, more] of surplus(expected, actual)) {
    if (more < 0) return `${text} is missing${more === -1 ? '' : ` ${-more} times`}`
    if (!known.has(text)) return `${text} is there, but should not`
  }
  return undefined
}

/** How much more often a text is in the second list than in the first. */
function surplus(first: readonly string[], second: readonly string[]): ReadonlyMap<string, number> {
  const more = new Map<string, number>()
  for (const text of first) more.set(text, (more.get(text) ?? 0) - 1)
  for (const text of second) more.set(text, (more.get(text) ?? 0) + 1)
  return more
}
