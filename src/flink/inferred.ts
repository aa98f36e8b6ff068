/** A figure read or worked out from a dump, with where it came from and how sure it is. */

/**
 * `given`: by the user. `high`: Flink says so. `medium`: worked out from what Flink says. `low`: a rough guess.
 * `unknown`: this dump cannot tell; `from` names the flag that supplies it.
 */
export type Sureness = 'given' | 'high' | 'medium' | 'low' | 'unknown'

export interface Inferred<T = number> {
  readonly value: T | null
  /** Where it came from, or why it is not known, for people. */
  readonly from: string
  readonly sure: Sureness
  /** Standard deviation relative to the value, where it matters. */
  readonly relativeSd?: number
}

/** A figure that was found. */
export const known = <T>(value: T, sure: Exclude<Sureness, 'unknown'>, from: string): Inferred<T> => ({
  value,
  from,
  sure,
})

/** A figure that a prediction rests on, with its relative standard deviation. */
export const measured = (
  value: number,
  sure: Exclude<Sureness, 'unknown'>,
  relativeSd: number,
  from: string,
): Inferred => ({ value, from, sure, relativeSd })

/** A figure that this dump cannot tell. @param from why, and which flag supplies it */
export const unknown = <T = number>(from: string): Inferred<T> => ({ value: null, from, sure: 'unknown' })

/** The middle value of a list, the lower one of two; NaN of an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
export const mean = (values: readonly number[]): number => sum(values) / values.length
