import { integerIn } from './job-error.ts'
import type { Source } from './source.ts'
import { checkedRate, contiguousSplits, recordsToRead } from './source.ts'

export interface GeneratedSequenceOptions<T> {
  /** How many values there are; at least 0. */
  readonly count: number
  /** The value at index i in [0, count); must be pure. The index itself if left out. */
  readonly value?: (i: number) => T
  /** Number of splits, at least 1; 1 if left out. Each is a contiguous range of indices. */
  readonly splits?: number
  /** Records per second and split. */
  readonly ratePerSecond?: number
}

/**
 * A source of values made from their index. A run that reads fewer than `count` reads the first ones.
 * Flink: NumberSequenceSource, DataGeneratorSource.
 * @throws JobError if an option is out of range
 */
export function generatedSequence(options: GeneratedSequenceOptions<number> & { value?: never }): Source<number>
export function generatedSequence<T>(options: GeneratedSequenceOptions<T> & { value: (i: number) => T }): Source<T>
export function generatedSequence(options: GeneratedSequenceOptions<unknown>): Source<unknown> {
  const count = integerIn(options.count, 'the count of generatedSequence', 0)
  const splits = integerIn(options.splits ?? 1, 'the number of splits of generatedSequence', 1)
  const value = options.value ?? ((i: number) => i)
  return {
    ...(options.ratePerSecond === undefined ? {} : { ratePerSecond: checkedRate(options.ratePerSecond) }),
    splits: (records) => contiguousSplits(splits, 0, recordsToRead(records, count), value),
  }
}
