import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  defaultMaxParallelism,
  javaHash,
  keyGroupOf,
  keyGroupRange,
  keyTypeOf,
  murmurHash,
  ownerOf,
} from '../../src/model/index.ts'

const fixtures = new URL('../fixtures/', import.meta.url)

// The vectors of the real classes are the suite key_groups of properties/conformance.
describe('key groups are those of Flink 2.3.0', () => {
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
