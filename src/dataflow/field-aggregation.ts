/**
 * Reduce functions of one field of the records, as rolling and windowed aggregations take them.
 *
 * sum, min and max keep everything of the first record but the field; minBy and maxBy keep a whole record. Flink:
 * SumAggregator, ComparableAggregator. Flink changes the first record in place, and where several sliding windows hold it they
 * all change (programs `q_sliding_*`); here records never change (rule `aggregation-copies-record`).
 */
import { inWords, JobError } from './job-error.ts'

/** A record, or tuple, with a value of type V in the field F. */
export type WithField<F extends PropertyKey, V> = { readonly [Name in F]: V }
/** What has an order: strings go by code unit. */
export type Comparable = number | string | bigint | boolean

type Reduce<T> = (a: T, b: T) => T
type Field = PropertyKey

/** Adds the field up. */
export function sumOf<T>(field: Field): Reduce<T> {
  checkField('sum', field)
  return (a, b) => {
    const [x, y] = [fieldOf(a, field), fieldOf(b, field)]
    if (typeof x === 'number' && typeof y === 'number') return withField(a, field, x + y)
    throw new JobError(
      `sum adds numbers, but '${String(field)}' is ${inWords(typeof x === 'number' ? y : x)}: name a field with numbers`,
    )
  }
}

/** The least value of the field. */
export function minOf<T>(field: Field): Reduce<T> {
  checkField('min', field)
  return (a, b) => (comesBefore(a, b, field) ? a : withField(a, field, fieldOf(b, field)))
}

/** The greatest value of the field. */
export function maxOf<T>(field: Field): Reduce<T> {
  checkField('max', field)
  return (a, b) => (comesBefore(b, a, field) ? a : withField(a, field, fieldOf(b, field)))
}

/** The record with the least value. @param first of equal ones the first, otherwise the last */
export function minByOf<T>(field: Field, first: boolean): Reduce<T> {
  checkField('minBy', field)
  return (a, b) => (comesBefore(a, b, field) || (first && !comesBefore(b, a, field)) ? a : b)
}

/** The record with the greatest value. @param first of equal ones the first, otherwise the last */
export function maxByOf<T>(field: Field, first: boolean): Reduce<T> {
  checkField('maxBy', field)
  return (a, b) => (comesBefore(b, a, field) || (first && !comesBefore(a, b, field)) ? a : b)
}

function checkField(method: string, field: unknown): void {
  if (typeof field === 'string' || typeof field === 'number') return
  throw new JobError(`${method} takes the name of a field, but got ${inWords(field)}`)
}

const fieldOf = (record: unknown, field: Field): Comparable => (record as Record<Field, Comparable>)[field]!

const comesBefore = (a: unknown, b: unknown, field: Field): boolean => fieldOf(a, field) < fieldOf(b, field)

/** A copy of the record, or tuple, with another value in the field. */
function withField<T>(record: T, field: Field, value: unknown): T {
  const copy = (Array.isArray(record) ? [...record] : { ...record }) as T & Record<Field, unknown>
  ;(copy as Record<Field, unknown>)[field] = value
  return copy
}
