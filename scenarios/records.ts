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

/** What is missing in a list that should hold each of the expected texts at least as often; undefined if nothing is. */
export function missingIn(expected: readonly string[], actual: readonly string[]): string | undefined {
  const missing = new Map<string, number>()
  for (const text of expected) missing.set(text, (missing.get(text) ?? 0) + 1)
  for (const text of actual) missing.set(text, (missing.get(text) ?? 0) - 1)
  for (const [text, count] of missing) if (count > 0) return `${text} is missing${count === 1 ? '' : ` ${count} times`}`
  return undefined
}

/** What is wrong if two lists do not hold the same texts equally often, in any order; undefined if they do. */
export function notTheSame(expected: readonly string[], actual: readonly string[]): string | undefined {
  const missing = new Map<string, number>()
  for (const text of expected) missing.set(text, (missing.get(text) ?? 0) + 1)
  for (const text of actual) missing.set(text, (missing.get(text) ?? 0) - 1)
  for (const [text, count] of missing) {
    if (count > 0) return `${text} is missing${count === 1 ? '' : ` ${count} times`}`
    if (count < 0) return `${text} is there ${count === -1 ? 'once' : `${-count} times`} too often`
  }
  return undefined
}
