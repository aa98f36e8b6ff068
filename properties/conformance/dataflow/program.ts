/** A program of data/dataflow: shapes as in its SCHEMA.md, which says what everything means. */

/** A record as the programs know it; its timestamp goes beside it. */
export interface Row {
  readonly k: string
  readonly v: number
  readonly x: string | null
}
export interface Entry {
  /** Source; 0 if left out. */
  readonly s?: number
  readonly k?: string
  readonly v?: number
  readonly ts?: number
  readonly wm?: number
  readonly idle?: boolean
  readonly end?: boolean
}
export type Strategy =
  | { readonly type: 'explicit' }
  | { readonly type: 'punctuated' | 'bounded'; readonly bound: number }
  | { readonly type: 'marker'; readonly m: number }
export type KeySpec = { readonly by: 'k' } | { readonly by: 'vmod'; readonly m: number }
/** A node; which other fields it has depends on `op`. */
export interface Node {
  readonly id: string
  readonly op: string
  readonly in: string | readonly string[]
  readonly key?: KeySpec
}
export interface Program {
  readonly parallelism: number
  readonly sources: readonly { readonly id: string; readonly strategy: Strategy }[]
  readonly nodes: readonly Node[]
  readonly sinks: readonly { readonly id: string; readonly in: string }[]
}
/** A timestamp or watermark as it is written: MIN and MAX are texts. */
export type WrittenTime = number | 'MIN' | 'MAX' | null
export type WrittenRow = readonly [
  k: string,
  v: WrittenTime,
  x: string | null,
  timestamp: WrittenTime,
  watermark: WrittenTime,
]
export interface SinkOutput {
  readonly mode: 'seq' | 'perKey' | 'multiset'
  readonly rows: readonly WrittenRow[]
  readonly wms: readonly WrittenTime[]
}
export interface ProgramCase {
  readonly id: string
  readonly note?: string
  readonly program: Program
  readonly input: readonly Entry[]
  readonly expected: { readonly sinks: Readonly<Record<string, SinkOutput>> }
}

/** Remainder with the sign of `m`, and no -0. */
export const mod = (a: number, m: number): number => (((a % m) + m) % m) + 0
/** How a number is written that may be a watermark. */
export const written = (n: number): WrittenTime =>
  n === Number.POSITIVE_INFINITY ? 'MAX' : n === Number.NEGATIVE_INFINITY ? 'MIN' : n
export const keyOf =
  (key: KeySpec | undefined) =>
  (row: Row): string =>
    key?.by === 'vmod' ? `m${mod(row.v, key.m)}` : row.k
