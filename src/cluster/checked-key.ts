import { type EdgeSpec, JobError } from '../dataflow/index.ts'
import type { Key, KeyType } from '../model/index.ts'

/** What a key must be for its Java type. */
const FITS: Readonly<Record<KeyType, readonly [words: string, fits: (key: unknown) => boolean]>> = {
  string: ['a string', (key) => typeof key === 'string'],
  boolean: ['true or false', (key) => typeof key === 'boolean'],
  int: ['an integer of 32 bits', (key) => typeof key === 'number' && key === (key | 0)],
  long: ['a safe integer or a bigint', (key) => typeof key === 'bigint' || Number.isSafeInteger(key)],
  double: ['a number', (key) => typeof key === 'number'],
}
const KEY_TYPES: readonly string[] = ['string', 'number', 'bigint', 'boolean']

/**
 * The key, if it can be one: two objects are never equal, and an undefined key is a field that is not there.
 * @throws JobError that says which keyBy made it
 */
export function checkedKey(key: Key, { name, keyType }: Pick<EdgeSpec, 'name' | 'keyType'>): Key {
  if (!KEY_TYPES.includes(typeof key))
    throw new JobError(
      `the key of a record on ${name} must be a string, number, bigint or boolean, but is ${key === null ? 'null' : typeof key === 'object' ? 'an object: key by one of its fields, or by a string made of them' : typeof key}`,
    )
  if (keyType === undefined || FITS[keyType][1](key)) return key
  throw new JobError(
    `the key of a record on ${name} must be ${FITS[keyType][0]}, since keyBy says that its type is ${keyType}, but is ${typeof key === 'string' ? `'${key}'` : String(key)}`,
  )
}
