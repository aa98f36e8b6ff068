import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashNumber, hashText, mix2 } from '../../src/kernel/index.ts'

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })

describe('mix2', () => {
  it('is one-to-one in each argument while the other stays', () => {
    fc.assert(
      fc.property(word, word, (fixed, from) => {
        const by = new Set(Array.from({ length: 3000 }, (_, i) => mix2(fixed, (from + i) | 0)))
        const of = new Set(Array.from({ length: 3000 }, (_, i) => mix2((from + i) | 0, fixed)))
        expect([by.size, of.size]).toEqual([3000, 3000])
      }),
      { numRuns: 30 },
    )
  })

  it('flips about half of the bits when one bit of an argument flips', () => {
    let flipped = 0
    let asked = 0
    for (let n = 0; n < 200; n += 1)
      for (let bit = 0; bit < 32; bit += 1) {
        const [a, b] = [Math.imul(n, 0x9e3779b1), Math.imul(n, 0x85ebca6b)]
        for (const other of [mix2(a ^ (1 << bit), b), mix2(a, b ^ (1 << bit))]) {
          for (let difference = mix2(a, b) ^ other; difference !== 0; difference &= difference - 1) flipped += 1
          asked += 32
        }
      }
    expect(flipped / asked).toBeGreaterThan(0.48)
    expect(flipped / asked).toBeLessThan(0.52)
  })

  it('has these values', () => {
    expect([mix2(0, 0), mix2(1, 2), mix2(2, 1), mix2(-1, 2 ** 31 - 1)]).toMatchInlineSnapshot(`
      [
        -1183513531,
        -1835615494,
        352681097,
        662690712,
      ]
    `)
  })
})

describe('hashText', () => {
  it('has these values', () => {
    expect(['', 'a', 'tie', 'delay of map->sink', 'ä€𝄞'].map(hashText)).toMatchInlineSnapshot(`
      [
        -1479756699,
        1651382408,
        -418915156,
        -1368111369,
        -1578816606,
      ]
    `)
  })
  it('tells 50,000 short names apart but for what 32 bits have to merge', () => {
    const hashes = new Set(Array.from({ length: 50_000 }, (_, i) => hashText(`site ${i}`)))
    expect(hashes.size).toBeGreaterThan(49_990)
  })
})

describe('hashNumber', () => {
  it('tells 0 and -0, integers and fractions apart', () => {
    const numbers = [0, -0, 1, -1, 0.5, -0.5, 1 + Number.EPSILON, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, Infinity, NaN]
    expect(new Set(numbers.map(hashNumber)).size).toBe(numbers.length)
  })

  it('has one hash for all NaNs: in compiled code 0/0 has other bits than the constant', () => {
    const divided = (a: number, b: number): number => hashNumber(a / b)
    const seen = new Set([hashNumber(Number.NaN)])
    for (let i = 0; i < 200_000; i += 1) seen.add(divided(0, 0))
    const bits = new DataView(new ArrayBuffer(8))
    for (const high of [0x7ff80000, 0xfff80000, 0x7ff80001]) {
      bits.setUint32(0, high)
      seen.add(hashNumber(bits.getFloat64(0)))
    }
    expect(seen.size).toBe(1)
  })

  it('has these values', () => {
    const numbers = [0, -0, 1, -1, 0.5, 2 ** 31, 2 ** 40 + 1, Number.NaN, Number.POSITIVE_INFINITY, 5e-324]
    expect(numbers.map(hashNumber)).toMatchInlineSnapshot(`
      [
        387220996,
        -2133096312,
        1520215190,
        -1591074956,
        -304374604,
        1986450665,
        -1161815175,
        885408628,
        -62657406,
        1704850114,
      ]
    `)
  })
})
