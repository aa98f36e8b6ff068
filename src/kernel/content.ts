/**
 * Values of records and state: what they may be, their hash, their size, and freezing them.
 *
 * Carried: undefined, null, booleans, numbers (-0, NaN and infinities kept apart), strings, bigints, arrays and plain objects
 * of such. Refused by name: functions, symbols, promises, class instances, cycles (as a depth of more than 64). The order of
 * an object's keys is no part of its identity.
 */
import { hashNumber, hashText, mix2 } from './hash.ts'

/** A value that cannot be a record or state. `path` says where in the value. */
export class UnsupportedValue extends TypeError {
  constructor(path: string, what: string) {
    super(
      `${path === '' ? 'the value' : `'${path}'`} is ${what}, which records and state cannot carry; use plain objects, arrays and primitives`,
    )
    this.name = 'UnsupportedValue'
  }
}

const keyHashes = new Map<string, number>()
function keyHash(key: string): number {
  let hash = keyHashes.get(key)
  if (hash === undefined) {
    hash = hashText(key)
    if (keyHashes.size < 65536) keyHashes.set(key, hash)
  }
  return hash
}
const UNDEFINED = 0x1d
const NULL = 0x2d
const TRUE = 0x3d
const FALSE = 0x4d
const ARRAY = 0x5d
const OBJECT = 0x6d
const BIGINT = 0x7d
const MAX_DEPTH = 64
const TOO_DEEP = 'nested more than 64 levels deep (a cycle?)'

/** Content hash: equal for equal contents, whatever the order of keys. @throws UnsupportedValue */
export function hashValue(value: unknown): number {
  if (typeof value === 'number') return hashNumber(value)
  if (typeof value === 'string') return hashText(value)
  return hashOther(value, 0)
}
function hashOther(value: unknown, depth: number): number {
  switch (typeof value) {
    case 'number':
      return hashNumber(value)
    case 'string':
      return hashText(value)
    case 'boolean':
      return value ? TRUE : FALSE
    case 'undefined':
      return UNDEFINED
    case 'bigint':
      return mix2(BIGINT, hashText(value.toString()))
    case 'object':
      break
    default:
      throw new UnsupportedValue('', `a ${typeof value}`)
  }
  if (value === null) return NULL
  if (depth > MAX_DEPTH) throw new UnsupportedValue('', TOO_DEEP)
  if (Array.isArray(value)) {
    let h = mix2(ARRAY, value.length)
    for (let i = 0; i < value.length; i += 1) h = mix2(h, hashOther(value[i], depth + 1))
    return h
  }
  const prototype = Object.getPrototypeOf(value) as unknown
  if (prototype !== Object.prototype && prototype !== null) throw new UnsupportedValue('', describe(value))
  let sum = 0
  let n = 0
  for (const key in value) {
    sum = (sum + mix2(keyHash(key), hashOther((value as Record<string, unknown>)[key], depth + 1))) | 0
    n += 1
  }
  return mix2(mix2(OBJECT, n), sum)
}
function describe(value: object): string {
  if (typeof (value as { then?: unknown }).then === 'function') return 'a promise'
  return `an instance of ${value.constructor?.name ?? 'an unknown class'}`
}

/**
 * Freezes a value and all in it, also what lies in something that is frozen already. Returns the value.
 * @throws UnsupportedValue if it is nested too deep
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) freezeBelow(value, 0)
  return value
}
function freezeBelow(value: object, depth: number): void {
  if (!Object.isFrozen(value)) Object.freeze(value)
  if (depth > MAX_DEPTH) throw new UnsupportedValue('', TOO_DEEP)
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) {
      const item = value[i] as unknown
      if (typeof item === 'object' && item !== null) freezeBelow(item, depth + 1)
    }
  } else {
    for (const key in value) {
      const item = (value as Record<string, unknown>)[key]
      if (typeof item === 'object' && item !== null) freezeBelow(item, depth + 1)
    }
  }
}

/** Bytes of the value in the encoded form: 1 tag, 4 or 8 for numbers, 4 + UTF-8 bytes for strings, keys as strings. */
export function encodedBytes(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return value === (value | 0) ? 5 : 9
    case 'string':
      return 5 + utf8Bytes(value)
    case 'bigint':
      return 5 + value.toString().length
    case 'object': {
      if (value === null) return 1
      let bytes = 5
      if (Array.isArray(value)) for (let i = 0; i < value.length; i += 1) bytes += encodedBytes(value[i])
      else for (const key in value) bytes += 4 + utf8Bytes(key) + encodedBytes((value as Record<string, unknown>)[key])
      return bytes
    }
    default:
      return 1
  }
}
function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2
  }
  return bytes
}
