import { inWords, JobError } from './job-error.ts'
import type {
  KeyedStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from './state.ts'

/** What a schema says of a value. */
export type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
      }[]
    }
/** A schema by the Standard Schema convention, such as one of zod 4, valibot or arktype. */
export interface Schema<T> {
  readonly '~standard': {
    validate(value: unknown): SchemaResult<T> | PromiseLike<SchemaResult<T>>
    readonly types?: { readonly input: unknown; readonly output: T } | undefined
  }
}

/**
 * The same state with a schema: every write is checked, of the value, of each element of a list, of each value of a map. The
 * error of a write that does not fit is thrown where the write is.
 */
export function withSchema<T>(descriptor: ValueStateDescriptor<unknown>, schema: Schema<T>): ValueStateDescriptor<T>
export function withSchema<T>(descriptor: ListStateDescriptor<unknown>, schema: Schema<T>): ListStateDescriptor<T>
export function withSchema<K, V>(
  descriptor: MapStateDescriptor<K, unknown>,
  schema: Schema<V>,
): MapStateDescriptor<K, V>
export function withSchema<T>(descriptor: ReducingStateDescriptor<T>, schema: Schema<T>): ReducingStateDescriptor<T>
export function withSchema(descriptor: KeyedStateDescriptor, schema: Schema<unknown>): KeyedStateDescriptor {
  if (typeof schema?.['~standard']?.validate !== 'function')
    throw new JobError(
      `the schema of state '${descriptor.name}' must be one such as z.number(), but is ${inWords(schema)}`,
    )
  return { ...descriptor, schema } as KeyedStateDescriptor
}

/** The value, as the schema gives it back. @throws TypeError naming the state and what does not fit */
export function fitting<T>(value: T, schema: Schema<T>, stateName: string): T {
  const result = schema['~standard'].validate(value)
  if ('then' in result)
    throw new TypeError(`the schema of state '${stateName}' is asynchronous; user code must be synchronous`)
  if (result.issues === undefined) return result.value
  const { message, path = [] } = result.issues[0]!
  const where = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
  throw new TypeError(`state '${stateName}' cannot hold this: ${where === '' ? '' : `${where}: `}${message}`)
}
