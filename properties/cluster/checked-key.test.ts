/** Keys that cannot be one, or are none of their declared type, are the user's mistake and named as such. */
import { describe, expect, it } from 'vitest'
import { checkedKey } from '../../src/cluster/checked-key.ts'
import type { Key, KeyType } from '../../src/model/index.ts'

const check = (key: unknown, keyType?: KeyType) =>
  checkedKey(key as Key, { name: 'a->b', ...(keyType === undefined ? {} : { keyType }) })

describe('a key', () => {
  it.each<[unknown, KeyType?]>([
    ['text'],
    [''],
    [1.5],
    [Number.NaN],
    [true],
    [7n],
    ['text', 'string'],
    [-1, 'int'],
    [2 ** 40, 'long'],
    [7n, 'long'],
    [0.5, 'double'],
    [false, 'boolean'],
  ])('may be %s (%s)', (key, keyType) => {
    expect(check(key, keyType)).toBe(key)
  })

  it.each<[unknown, KeyType | undefined, string]>([
    [undefined, undefined, 'must be a string, number, bigint or boolean, but is undefined'],
    [null, undefined, 'must be a string, number, bigint or boolean, but is null'],
    [{ a: 1 }, undefined, 'but is an object: key by one of its fields, or by a string made of them'],
    ['1', 'int', "must be an integer of 32 bits, since keyBy says that its type is int, but is '1'"],
    [2 ** 31, 'int', 'must be an integer of 32 bits'],
    [0.5, 'long', 'must be a safe integer or a bigint'],
    [1, 'string', 'must be a string, since keyBy'],
  ])('may not be %s (%s)', (key, keyType, message) => {
    expect(() => check(key, keyType)).toThrow(message)
    expect(() => check(key, keyType)).toThrow('the key of a record on a->b')
  })
})
