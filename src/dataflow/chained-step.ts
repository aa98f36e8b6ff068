/** Stateless steps as the runtime runs them: a function of the user, with what it returns checked where types cannot. */
import type { ChainedStep } from './functions.ts'
import { inWords, isPromise, JobError } from './job-error.ts'

/** Makes a step once its uid is known. */
export type StepMaker = (uid: string) => ChainedStep

export function mapStep(map: (value: never) => unknown): StepMaker {
  requireFunction('map', map)
  return (uid) => ({
    uid,
    kind: 'map',
    apply(value, emit) {
      const result = map(value as never)
      if (isPromise(result)) throw synchronous('map', uid, 'a value', result)
      emit(result)
    },
  })
}

export function flatMapStep(flatMap: (value: never) => Iterable<unknown>): StepMaker {
  requireFunction('flatMap', flatMap)
  return (uid) => ({
    uid,
    kind: 'flatMap',
    apply(value, emit) {
      const results = flatMap(value as never)
      if (typeof results?.[Symbol.iterator] !== 'function') throw synchronous('flatMap', uid, 'an iterable', results)
      for (const result of results) emit(result)
    },
  })
}

export function filterStep(keep: (value: never) => boolean): StepMaker {
  requireFunction('filter', keep)
  return (uid) => ({
    uid,
    kind: 'filter',
    apply(value, emit) {
      const kept: unknown = keep(value as never)
      // a promise would be truthy, and everything would pass
      if (typeof kept !== 'boolean') throw synchronous('filter', uid, 'true or false', kept)
      if (kept) emit(value)
    },
  })
}

function requireFunction(method: string, given: unknown): void {
  if (typeof given !== 'function')
    throw new JobError(`${method} takes a function of one value, but got ${inWords(given)}`)
}

const synchronous = (method: string, uid: string, expected: string, result: unknown): JobError =>
  new JobError(
    `the function of ${method} '${uid}' must return ${expected}, but returned ${inWords(result)}; user code is synchronous`,
  )
