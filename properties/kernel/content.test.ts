import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepFreeze, encodedBytes, hashValue, UnsupportedValue } from '../../src/kernel/index.ts'

/** Everything that records and state may carry. */
const content = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(undefined, null, true, false, 0, -0, 1, -1, Number.NaN, Number.NEGATIVE_INFINITY, '', 0n),
    fc.double(),
    fc.integer(),
    fc.string({ unit: 'grapheme' }),
    fc.bigInt(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
  ),
})).value

/** An equal value that shares nothing, with the keys of objects the other way round. */
function rebuilt(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(rebuilt)
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, of]) => [key, rebuilt(of)]),
  )
}
/** Text that is equal for equal contents only. */
function spelled(value: unknown): string {
  if (Object.is(value, -0)) return '-0'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map(spelled).join()}]`
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, of]) => `${JSON.stringify(key)}:${spelled(of)}`).join()}}`
}

describe('hashValue', () => {
  it('is equal for equal contents, whatever the order of keys', () => {
    fc.assert(
      fc.property(content, (value) => {
        expect(hashValue(rebuilt(value))).toBe(hashValue(value))
      }),
    )
  })

  it('tells different contents apart', () => {
    const bySpelling = new Map<string, number>()
    fc.assert(
      fc.property(content, (value) => {
        bySpelling.set(spelled(value), hashValue(value))
      }),
      { numRuns: 3000 },
    )
    // 32 bits: among 3,000 values a collision comes in one try of a thousand
    expect(bySpelling.size).toBeGreaterThan(1000)
    expect(new Set(bySpelling.values()).size).toBeGreaterThanOrEqual(bySpelling.size - 1)
  })

  it.each([
    ['0 and -0', { at: 0 }, { at: -0 }],
    ['an undefined key and a missing one', { a: 1, b: undefined }, { a: 1 }],
    ['undefined and null', [undefined], [null]],
    ['a number and its text', [1], ['1']],
    ['a number and its bigint', 1, 1n],
    ['a bigint and its text', 1n, '1'],
    ['true and 1', true, 1],
    ['NaN and undefined', Number.NaN, undefined],
    ['an empty array and an empty object', [], {}],
    ['an array and an object with its indices', ['a'], { 0: 'a' }],
    ['one level of nesting', [[1]], [1]],
    ['the order of elements', [1, 2], [2, 1]],
    ['what belongs to which key', { a: 1, b: 2 }, { a: 2, b: 1 }],
    ['where a list ends', [[1], 2], [[1, 2]]],
  ])('tells apart: %s', (_, a, b) => {
    expect(hashValue(a)).not.toBe(hashValue(b))
  })

  it('takes objects without a prototype like others', () => {
    expect(hashValue(Object.assign(Object.create(null), { a: 1 }))).toBe(hashValue({ a: 1 }))
  })

  it('has these values', () => {
    const values = [undefined, null, true, false, 'text', 1n, [], {}, [1, [2, -0]], { a: 'b', c: { d: Number.NaN } }]
    expect(values.map(hashValue)).toMatchInlineSnapshot(`
      [
        29,
        45,
        61,
        77,
        60063946,
        -817211420,
        -356819264,
        1727488220,
        -1108253485,
        -1677775914,
      ]
    `)
  })

  class Point {
    readonly x = 1
  }
  const cycle: unknown[] = []
  cycle.push({ back: cycle })
  it.each([
    ['a function', () => 1, 'the value is a function, which records and state cannot carry; use plain objects'],
    ['a symbol', Symbol('s'), 'the value is a symbol'],
    ['a Map', new Map(), 'the value is an instance of Map'],
    ['a Date', new Date(0), 'the value is an instance of Date'],
    ['an instance of a class', new Point(), 'the value is an instance of Point'],
    ['a typed array', new Uint8Array(1), 'the value is an instance of Uint8Array'],
    ['a promise', Promise.resolve(1), 'the value is a promise'],
    ['a cycle', cycle, 'the value is nested more than 64 levels deep (a cycle?)'],
  ])('refuses %s, also deep within', (_, value, message) => {
    expect(() => hashValue(value)).toThrow(UnsupportedValue)
    expect(() => hashValue(value)).toThrow(message)
    expect(() => hashValue({ a: [1, value] })).toThrow(UnsupportedValue)
  })
})

describe('deepFreeze', () => {
  it('freezes a value and all in it, and gives it back', () => {
    const allFrozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(allFrozen))
    fc.assert(
      fc.property(content, (value) => {
        const hash = hashValue(value)
        expect(deepFreeze(value)).toBe(value)
        expect(allFrozen(value)).toBe(true)
        expect(hashValue(value)).toBe(hash)
      }),
    )
  })
  it('freezes what lies in something that is frozen already', () => {
    const value = Object.freeze({ list: Object.freeze([{ n: 1 }]) })
    expect(Object.isFrozen(deepFreeze(value).list[0])).toBe(true)
  })
  it('refuses a cycle, also one with many ways round', () => {
    const cycle: Record<string, unknown> = {}
    Object.assign(cycle, { a: cycle, b: cycle, c: [cycle] })
    expect(() => deepFreeze(cycle)).toThrow('nested more than 64 levels deep (a cycle?)')
    expect(() => deepFreeze(Object.freeze(cycle))).toThrow(UnsupportedValue)
  })
})

describe('encodedBytes', () => {
  /** The bytes themselves, written out as the encoding says. */
  function encoded(value: unknown): number[] {
    const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)]
    const sized = (bytes: number[]): number[] => [0, 0, 0, 0, ...bytes]
    if (typeof value === 'number')
      return Array.from({ length: Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 5 : 9 })
    if (typeof value === 'string') return [0, ...sized(utf8(value))]
    if (typeof value === 'bigint') return [0, ...sized(utf8(`${value}`))]
    if (typeof value !== 'object' || value === null) return [0]
    if (Array.isArray(value)) return [0, ...sized(value.flatMap(encoded))]
    return [0, ...sized(Object.entries(value).flatMap(([key, of]) => [...sized(utf8(key)), ...encoded(of)]))]
  }
  it('counts tag, length and contents, text as UTF-8', () => {
    fc.assert(
      fc.property(content, (value) => {
        expect(encodedBytes(value)).toBe(encoded(value).length)
      }),
    )
  })
  it('of a few values', () => {
    expect([1, 0.5, 'ä', '𝄞', [], {}, { a: [1, 'x'] }, null, undefined].map(encodedBytes)).toEqual([
      5, 9, 7, 9, 5, 5, 26, 1, 1,
    ])
  })
})
