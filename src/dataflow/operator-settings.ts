/** Checks that streams and sinks share. */
import { integerIn, inWords, JobError } from './job-error.ts'
import type { Transformation } from './transformation.ts'

/** Sets uid or name. Names become parts of tokens, edges and roles, so what those use as marks is kept out. */
export function nameOperator(operator: Transformation, what: 'uid' | 'name', given: string): void {
  if (typeof given !== 'string' || !/^\w[\w .:/-]*$/.test(given)) {
    throw new JobError(`a ${what} must be letters, digits, spaces and _ . : / -, but is ${inWords(given)}`)
  }
  operator[what] = given
}

export function setOperatorParallelism(operator: Transformation, parallelism: number): void {
  operator.parallelism = integerIn(
    parallelism,
    `the parallelism of '${operator.uid ?? operator.name ?? operator.label}'`,
    1,
  )
}

export function requireFactory(method: string, factory: unknown): void {
  if (typeof factory === 'function') return
  throw new JobError(`${method} takes a factory, written ${method}(() => new …()), but got ${inWords(factory)}`)
}

export function requireStrategy(strategy: { readonly timestampOf?: unknown } | undefined, where: string): void {
  if (typeof strategy?.timestampOf === 'function') return
  throw new JobError(`the watermark strategy of ${where} has no timestamps: add .withTimestampAssigner((value) => ...)`)
}
