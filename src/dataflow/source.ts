import { inWords, JobError } from './job-error.ts'
import type { SourceSpec, Split } from './job-graph.ts'

/** A pure draw in [0, n) that belongs to a site and a key, as the runtime hands it to a source. */
export type Draw = Parameters<SourceSpec['splits']>[1]

/** A split whose values have a known type. */
export interface SplitOf<T> extends Split {
  read(position: number): T
}

/** A replayable source of values of type T (FLIP-27). */
export interface Source<T> extends SourceSpec {
  splits(records: number, draw: Draw): readonly SplitOf<T>[]
}

/** How many records a run reads of a source that has `available` of them. @throws RangeError if `records` is no count */
export function recordsToRead(records: number, available: number): number {
  if (!(records >= 0) || (records !== Infinity && !Number.isInteger(records))) {
    throw new RangeError(
      `the number of records to read must be an integer of at least 0 or Infinity, but is ${records}`,
    )
  }
  return Math.min(records, available)
}

/**
 * Cuts the range [from, from + length) into `splits` contiguous ranges of almost equal length, in order; empty ones are left
 * out. In order matters with event time: splits are handed out first to last, so no split is late behind another one.
 */
export function contiguousSplits<T>(
  splits: number,
  from: number,
  length: number,
  read: (index: number) => T,
): readonly SplitOf<T>[] {
  const cut: SplitOf<T>[] = []
  for (let i = 0; i < splits; i += 1) {
    const first = Math.floor((i * length) / splits)
    const end = Math.floor(((i + 1) * length) / splits)
    if (end > first) cut.push(new RangeSplit(`split-${i}`, from + first, end - first, read))
  }
  return cut
}

class RangeSplit<T> implements SplitOf<T> {
  readonly id: string
  readonly length: number
  readonly #from: number
  readonly #read: (index: number) => T

  constructor(id: string, from: number, length: number, read: (index: number) => T) {
    this.id = id
    this.length = length
    this.#from = from
    this.#read = read
  }

  read(position: number): T {
    if (!(position >= 0 && position < this.length)) {
      throw new RangeError(`${this.id} has ${this.length} records, but position ${position} was read`)
    }
    return this.#read(this.#from + position)
  }
}

/** The rate of a source, if it is a positive number. @throws JobError */
export function checkedRate(ratePerSecond: number): number {
  if (Number.isFinite(ratePerSecond) && ratePerSecond > 0) return ratePerSecond
  throw new JobError(
    `the rate of a source must be a positive number of records per second, but is ${inWords(ratePerSecond)}`,
  )
}
