import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  defaultMaxParallelism,
  javaHash,
  javaStringHash,
  keyGroupOf,
  keyGroupOfHash,
  keyGroupRange,
  keyTypeOf,
  murmurHash,
  ownerOf,
} from '../../src/model/index.ts'

const fixtures = new URL('../fixtures/', import.meta.url)

interface RangesCase {
  readonly kind: 'ranges'
  readonly max: number
  readonly p: number
  readonly ranges: readonly (readonly [number, number])[]
}
interface HashCase {
  readonly kind: 'hash'
  readonly max: number
  readonly p: number
  readonly hashes: readonly number[]
  readonly keyGroups: readonly number[]
  readonly subtasks: readonly number[]
  readonly strings: readonly (readonly [text: string, hash: number, keyGroup: number, subtask: number])[]
}
interface KeyedCase {
  readonly kind: 'keyed'
  readonly max: number
  readonly p1: number
  readonly p2: number
  readonly present: readonly number[]
  readonly assign: readonly (readonly (readonly [old: number, first: number, last: number])[])[]
}
type Case = { readonly id: string } & (RangesCase | HashCase | KeyedCase | { readonly kind: 'opstate' })

const cases: readonly Case[] = gunzipSync(readFileSync(new URL('vectors/key_groups.jsonl.gz', fixtures)))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const ofKind = <K extends Case['kind']>(kind: K) =>
  cases.filter((c): c is Extract<Case, { kind: K }> => c.kind === kind)

/** The pieces of old ranges that a new subtask reads. Flink: StateAssignmentOperation.getManagedKeyedStateHandles. */
function piecesOf(subtask: number, { max, p1, p2, present }: KeyedCase): [number, number, number][] {
  const [first, last] = keyGroupRange(subtask, max, p2)
  return present.flatMap((there, old): [number, number, number][] => {
    const [oldFirst, oldLast] = keyGroupRange(old, max, p1)
    const from = Math.max(first, oldFirst)
    const to = Math.min(last, oldLast)
    return there === 1 && from <= to ? [[old, from, to]] : []
  })
}

describe('key groups are those of Flink 2.3.0', () => {
  it('has the cases of the real classes at hand', () => {
    expect([ofKind('ranges').length, ofKind('hash').length, ofKind('keyed').length]).toEqual([171, 85, 255])
  })

  it('ranges of the subtasks', () => {
    for (const { id, max, p, ranges } of ofKind('ranges')) {
      expect(
        ranges.map((_, subtask) => keyGroupRange(subtask, max, p)),
        id,
      ).toEqual(ranges)
    }
  })

  it('key groups and subtasks of hash codes and of strings', () => {
    for (const { id, max, p, hashes, keyGroups, subtasks, strings } of ofKind('hash')) {
      expect(
        hashes.map((hash) => keyGroupOfHash(hash, max)),
        id,
      ).toEqual(keyGroups)
      expect(
        keyGroups.map((keyGroup) => ownerOf(keyGroup, max, p)),
        id,
      ).toEqual(subtasks)
      for (const [text, hash, keyGroup, subtask] of strings) {
        expect(
          [javaStringHash(text), keyGroupOf(text, 'string', max), ownerOf(keyGroup, max, p)],
          `${id} '${text}'`,
        ).toEqual([hash, keyGroup, subtask])
      }
    }
  })

  it('pieces of the old ranges that a rescaled subtask reads', () => {
    for (const keyed of ofKind('keyed')) {
      expect(
        keyed.assign.map((_, subtask) => piecesOf(subtask, keyed)),
        keyed.id,
      ).toEqual(keyed.assign)
    }
  })

  it('the published vectors', () => {
    const { keys, ranges_maxPar128: ranges } = JSON.parse(
      readFileSync(new URL('keygroup_vectors.json', fixtures), 'utf8'),
    )
    for (const { key, hash, murmur, kg128, op_p4 } of keys) {
      expect([javaHash(key), murmurHash(hash), keyGroupOf(key, undefined, 128), ownerOf(kg128, 128, 4)]).toEqual([
        hash,
        murmur,
        kg128,
        op_p4,
      ])
    }
    for (const [p, expected] of Object.entries<[number, number][]>(ranges)) {
      expect(expected.map((_, subtask) => keyGroupRange(subtask, 128, Number(p)))).toEqual(expected)
    }
  })

  it('the default maximum parallelism (facts: checkpointing.md 2.5)', () => {
    expect([1, 85, 86, 200, 1000, 30_000].map(defaultMaxParallelism)).toEqual([128, 128, 256, 512, 2048, 32_768])
  })
})

describe('key groups', () => {
  const parallelisms = fc
    .integer({ min: 1, max: 300 })
    .chain((p) => fc.tuple(fc.constant(p), fc.integer({ min: p, max: 4096 })))

  it('ranges are a partition of all key groups, and every key group is in the range of its owner', () => {
    fc.assert(
      fc.property(parallelisms, ([p, max]) => {
        let next = 0
        for (let subtask = 0; subtask < p; subtask += 1) {
          const [first, last] = keyGroupRange(subtask, max, p)
          expect(first).toBe(next)
          for (let keyGroup = first; keyGroup <= last; keyGroup += 1) expect(ownerOf(keyGroup, max, p)).toBe(subtask)
          next = last + 1
        }
        expect(next).toBe(max)
      }),
      { numRuns: 50 },
    )
  })

  it('a murmur hash is never negative', () => {
    fc.assert(fc.property(fc.integer(), (hash) => murmurHash(hash) >= 0 && Number.isInteger(murmurHash(hash))))
  })

  it('an int and the same value as a long hash alike if it is not negative; a bigint hashes as the long that it is', () => {
    fc.assert(fc.property(fc.nat(), (n) => javaHash(n, 'int') === javaHash(n, 'long')))
    fc.assert(fc.property(fc.maxSafeInteger(), (n) => javaHash(n, 'long') === javaHash(BigInt(n), 'long')))
  })

  it('the hash codes that Java gives', () => {
    expect(javaHash(-1, 'long')).toBe(0)
    expect(javaHash(2 ** 40, 'long')).toBe(256)
    expect(javaHash(1.5, 'double')).toBe(1_073_217_536)
    expect(javaHash(0, 'double')).toBe(0)
    expect(javaHash(-0, 'double')).toBe(-2_147_483_648)
    expect([javaHash(true), javaHash(false)]).toEqual([1231, 1237])
  })

  it('tells the type of a key that was given none', () => {
    expect(['a', true, 1n, 1, 2 ** 31, -(2 ** 31), 0.5, -0, Number.NaN].map(keyTypeOf)).toEqual([
      'string',
      'boolean',
      'long',
      'int',
      'long',
      'int',
      'double',
      'double',
      'double',
    ])
  })
})
