/**
 * Keys, Java's hashes of them, key groups and their owners, as Flink has them.
 * Flink: KeyGroupRangeAssignment, MathUtils.murmurHash; facts: checkpointing.md 2.5, flink-behaviour.md 33.
 */

/** A value that records can be keyed by. */
export type Key = string | number | bigint | boolean
/** The Java type that a key stands for: it decides the hash and so the key group. */
export type KeyType = 'string' | 'int' | 'long' | 'double' | 'boolean'

/** The high word of Java's one NaN; the low one is 0. A NaN that arithmetic has made may have any bits. */
const CANONICAL_NAN = 0x7ff80000
const float64 = new Float64Array(1)
const words = new Int32Array(float64.buffer)

/** String.hashCode of the UTF-16 code units. */
export function javaStringHash(text: string): number {
  let h = 0
  for (let i = 0; i < text.length; i += 1) h = (Math.imul(h, 31) + text.charCodeAt(i)) | 0
  return h
}

/** Long.hashCode: the two halves exclusive-or-ed. Numbers must be safe integers. */
export function javaLongHash(value: number | bigint): number {
  if (typeof value === 'bigint') return Number(BigInt.asIntN(32, value ^ (value >> 32n)))
  return (value | 0) ^ Math.floor(value / 4294967296)
}

/** Double.hashCode: the bits of the canonical form (one NaN, -0 apart from 0). */
export function javaDoubleHash(value: number): number {
  if (Number.isNaN(value)) return CANONICAL_NAN
  float64[0] = value
  return words[0]! ^ words[1]!
}

/** The key under which state is kept: 0 and -0 are one, as they are in a JavaScript Map (for Java's Double they are two). */
export const canonicalKey = (key: Key): Key => (key === 0 ? 0 : key)

/** The type that a key has if the user names none: an integer in the int range is an int, another safe integer a long. */
export function keyTypeOf(key: Key): KeyType {
  if (typeof key === 'string') return 'string'
  if (typeof key === 'boolean') return 'boolean'
  if (typeof key === 'bigint') return 'long'
  if (Object.is(key, -0) || !Number.isInteger(key)) return 'double'
  return key === (key | 0) ? 'int' : Number.isSafeInteger(key) ? 'long' : 'double'
}

/** Java's hashCode of a key. */
export function javaHash(key: Key, type: KeyType = keyTypeOf(key)): number {
  switch (type) {
    case 'string':
      return javaStringHash(String(key))
    case 'boolean':
      return key ? 1231 : 1237
    case 'int':
      return Number(key) | 0
    case 'long':
      return javaLongHash(key as number | bigint)
    case 'double':
      return javaDoubleHash(Number(key))
  }
}

/** Flink: MathUtils.murmurHash, absolute value, with MIN_VALUE as 0. */
export function murmurHash(code: number): number {
  let k = Math.imul(code, 0xcc9e2d51)
  k = (k << 15) | (k >>> 17)
  k = Math.imul(k, 0x1b873593)
  k = (k << 13) | (k >>> 19)
  k = (Math.imul(k, 5) + 0xe6546b64) | 0
  k ^= 4
  k ^= k >>> 16
  k = Math.imul(k, 0x85ebca6b)
  k ^= k >>> 13
  k = Math.imul(k, 0xc2b2ae35)
  k ^= k >>> 16
  if (k >= 0) return k
  return k === -2147483648 ? 0 : -k
}

/** Key group in [0, maxParallelism) of a Java hash code. */
export const keyGroupOfHash = (hash: number, maxParallelism: number): number => murmurHash(hash) % maxParallelism

/** Key group in [0, maxParallelism) of a key. */
export const keyGroupOf = (key: Key, type: KeyType | undefined, maxParallelism: number): number =>
  keyGroupOfHash(javaHash(key, type), maxParallelism)

/** The subtask that owns a key group. */
export const ownerOf = (keyGroup: number, maxParallelism: number, parallelism: number): number =>
  Math.floor((keyGroup * parallelism) / maxParallelism)

/** First and last key group of a subtask, both inclusive. */
export const keyGroupRange = (
  subtask: number,
  maxParallelism: number,
  parallelism: number,
): readonly [number, number] => [
  Math.floor((subtask * maxParallelism + parallelism - 1) / parallelism),
  Math.floor(((subtask + 1) * maxParallelism - 1) / parallelism),
]

/** Flink: KeyGroupRangeAssignment.computeDefaultMaxParallelism. */
export function defaultMaxParallelism(parallelism: number): number {
  const wanted = parallelism + Math.floor(parallelism / 2)
  let power = 1
  while (power < wanted) power *= 2
  return Math.min(Math.max(power, 128), 32768)
}
