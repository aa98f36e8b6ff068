/**
 * A source of values that are at hand.
 *
 * Where a run reads only a part, `window: 'seeded'` lets the seed choose which: consecutive values from a drawn start. The
 * start does not depend on how many are read, so that a run that is shrunk reads a prefix of what it read before. With
 * `shuffle` the values arrive out of order within a bound, as the seed says; the delay of a value belongs to its index, so
 * that it is the same in every window.
 */
import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import { integerIn, inWords, JobError } from './job-error.ts'
import type { Draw, Source } from './source.ts'
import { checkedRate, contiguousSplits, recordsToRead } from './source.ts'

export interface ArraySourceOptions<T> {
  /** Number of splits, at least 1; 1 if left out. */
  readonly splits?: number
  /** Which values a run reads that does not read all: the first ones (if left out), or consecutive ones that the seed chooses. */
  readonly window?: 'first' | 'seeded'
  /** Arrival out of order: each value arrives a drawn delay in [0, within) after its timestamp (ms); ties keep their order. */
  readonly shuffle?: { readonly timestampOf: (value: T) => number; readonly within: Duration }
  /** Records per second and split. */
  readonly ratePerSecond?: number
}

/**
 * A source that reads an array. The array and its values must not change afterwards.
 * @throws JobError if an option is out of range
 */
export function fromArray<T>(values: readonly T[], options: ArraySourceOptions<T> = {}): Source<T> {
  if (!Array.isArray(values)) throw new JobError(`fromArray takes an array, but got ${inWords(values)}`)
  const splits = integerIn(options.splits ?? 1, 'the number of splits of fromArray', 1)
  const shuffle = options.shuffle
  const withinMs = shuffle ? durationMs(shuffle.within, 'the bound of the shuffle', 1) : 0
  return {
    ...(options.ratePerSecond === undefined ? {} : { ratePerSecond: checkedRate(options.ratePerSecond) }),
    splits(records, draw) {
      const count = recordsToRead(records, values.length)
      const start = options.window === 'seeded' && count > 0 ? windowStart(values.length, count, draw) : 0
      if (!shuffle) return contiguousSplits(splits, start, count, (index) => values[index]!)
      const arrived = arrivalOrder(start, count, (index) => shuffle.timestampOf(values[index]!), withinMs, draw)
      return contiguousSplits(splits, 0, count, (index) => values[arrived[index]!]!)
    },
  }
}

/** The last `count` values are chosen for every start that is too late for a full window. */
const windowStart = (available: number, count: number, draw: Draw): number =>
  Math.min(draw('window', 0, available), available - count)

function arrivalOrder(
  start: number,
  count: number,
  timestampOf: (index: number) => number,
  withinMs: number,
  draw: Draw,
): readonly number[] {
  const arrivesMs = new Float64Array(count)
  const order: number[] = []
  for (let i = 0; i < count; i += 1) {
    arrivesMs[i] = timestampOf(start + i) + draw('arrival', start + i, withinMs)
    order.push(i)
  }
  order.sort((a, b) => arrivesMs[a]! - arrivesMs[b]! || a - b)
  return order.map((i) => start + i)
}
