/** How the programs make one value of two. */
import { mod, type Row } from './program.ts'

const COMBINE = {
  sum: (a: number, b: number) => a + b,
  min: Math.min,
  max: Math.max,
  first: (a: number) => a,
  last: (_a: number, b: number) => b,
  hash: (a: number, b: number) => mod(a * 31 + b, 1_000_003),
}
export type Combine = keyof typeof COMBINE

/** The reduce function of a name. */
export const reduceOf =
  (f: Combine) =>
  (a: Row, b: Row): Row => ({ k: leastName([a.k, b.k]), v: COMBINE[f](a.v, b.v), x: null })

export const leastName = (names: readonly string[]): string => [...names].sort()[0]!
