/** What the invariants of several scenarios need: groups of records, and numbers of which each must come once. */

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
