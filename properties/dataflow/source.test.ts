import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contiguousSplits, type Draw, fromArray, generatedSequence, type SplitOf } from '../../src/dataflow/index.ts'

const valuesOf = <T>(splits: readonly SplitOf<T>[]): T[] =>
  splits.flatMap((split) => Array.from({ length: split.length }, (_, position) => split.read(position)))
const first: Draw = () => 0
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i)
/** A draw that differs by site and key, and is the same for the same ones. */
const drawOf =
  (seed: number): Draw =>
  (site, key, n) =>
    (Math.imul(seed ^ (key * 2_654_435), site.length * 40_503 + 1) >>> 0) % n

describe('splits', () => {
  const counts = fc.nat(200)
  const splitCounts = fc.integer({ min: 1, max: 20 })

  it('are contiguous ranges in order that hold every value once, almost equal in length, and none is empty', () => {
    fc.assert(
      fc.property(splitCounts, fc.nat(50), counts, (n, from, length) => {
        const splits = contiguousSplits(n, from, length, (i) => i)
        expect(valuesOf(splits)).toEqual(numbers(length).map((i) => from + i))
        const lengths = splits.map((split) => split.length)
        expect(Math.max(...lengths, 0) - Math.min(...lengths, length)).toBeLessThanOrEqual(1)
        expect(splits.length).toBe(Math.min(n, length))
        expect(new Set(splits.map(({ id }) => id)).size).toBe(splits.length)
      }),
    )
  })

  it('refuse a position outside', () => {
    const [split] = contiguousSplits(1, 5, 3, (i) => i)
    expect([split!.read(0), split!.read(2)]).toEqual([5, 7])
    for (const position of [-1, 3, Number.NaN]) {
      expect(() => split!.read(position)).toThrow(`split-0 has 3 records, but position ${position} was read`)
    }
  })

  it.each([
    ['fromArray', (n: number) => fromArray(numbers(n), { splits: 4 })],
    ['generatedSequence', (n: number) => generatedSequence({ count: n, splits: 4 })],
  ])('%s reads the first records, up to the limit', (_, source) => {
    fc.assert(
      fc.property(counts, counts, (available, limit) => {
        expect(valuesOf(source(available).splits(limit, first))).toEqual(numbers(Math.min(available, limit)))
        expect(valuesOf(source(available).splits(Infinity, first))).toEqual(numbers(available))
      }),
    )
    for (const limit of [-1, 1.5, Number.NaN]) expect(() => source(3).splits(limit, first)).toThrow(RangeError)
  })
})

describe('fromArray', () => {
  it('reads a window of consecutive values that the seed chooses; fewer records are a prefix, unless the end is near', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        (seed, available, limit) => {
          const source = fromArray(numbers(available), { splits: 3, window: 'seeded' })
          const read = valuesOf(source.splits(limit, drawOf(seed)))
          const count = Math.min(available, limit)
          expect(read).toEqual(numbers(count).map((i) => read[0]! + i))
          expect(read.at(-1)!).toBeLessThan(available)
          const fewer = valuesOf(source.splits(Math.ceil(count / 2), drawOf(seed)))
          if (read[0]! + count < available) expect(fewer).toEqual(read.slice(0, fewer.length))
        },
      ),
    )
  })

  it('reaches every start', () => {
    const source = fromArray(numbers(10), { window: 'seeded' })
    const starts = numbers(10).map((start) => valuesOf(source.splits(4, () => start))[0])
    expect(starts).toEqual([0, 1, 2, 3, 4, 5, 6, 6, 6, 6])
  })

  it('shuffles within the bound: no value is more than the bound older than one before it', () => {
    const within = 500
    const rows = fc.array(fc.nat(5000), { maxLength: 60 }).map((times) => times.sort((a, b) => a - b))
    fc.assert(
      fc.property(rows, fc.nat(), (times, seed) => {
        const rows = times.map((time, i) => ({ time, i }))
        const source = fromArray(rows, { splits: 4, shuffle: { timestampOf: ({ time }) => time, within } })
        const read = valuesOf(source.splits(Infinity, drawOf(seed)))
        expect(new Set(read)).toEqual(new Set(rows))
        let highest = 0
        for (const { time } of read) {
          expect(time).toBeGreaterThan(highest - within)
          highest = Math.max(highest, time)
        }
      }),
    )
  })

  it('gives a value the same delay in every window, and equal arrivals their order', () => {
    const times = [0, 10, 20, 30]
    const delays = [15, 5, 0, 0]
    const drawn: [string, number, number][] = []
    const draw: Draw = (site, key, n) => {
      drawn.push([site, key, n])
      return site === 'window' ? 1 : delays[key]!
    }
    const shuffle = { timestampOf: (time: number) => time, within: '1s' }
    expect(valuesOf(fromArray(times, { shuffle }).splits(4, draw))).toEqual([0, 10, 20, 30])
    expect(valuesOf(fromArray(times, { shuffle: { ...shuffle, within: 100 } }).splits(2, () => 0))).toEqual([0, 10])
    delays[0] = 16
    expect(valuesOf(fromArray(times, { shuffle }).splits(4, draw))).toEqual([10, 0, 20, 30])
    drawn.length = 0
    fromArray(times, { shuffle, window: 'seeded' }).splits(2, draw)
    expect(drawn).toEqual([
      ['window', 0, 4],
      ['arrival', 1, 1000],
      ['arrival', 2, 1000],
    ])
  })

  it.each([
    [() => fromArray('abc' as never), "fromArray takes an array, but got 'abc'"],
    [
      () => fromArray([1], { splits: 0 }),
      'the number of splits of fromArray must be an integer of at least 1, but is 0',
    ],
    [
      () => fromArray([1], { ratePerSecond: 0 }),
      'the rate of a source must be a positive number of records per second, but is 0',
    ],
    [
      () => fromArray([1], { shuffle: { timestampOf: () => 0, within: 0 } }),
      'the bound of the shuffle must be at least 1 ms, but is 0',
    ],
  ])('refuses what is out of range', (make, message) => {
    expect(make).toThrow(message)
  })
})

describe('generatedSequence', () => {
  it('makes each value from its index, whichever split it is in', () => {
    const source = generatedSequence({ count: 10, splits: 3, value: (i) => i * i, ratePerSecond: 100 })
    expect(source.splits(Infinity, first).map((split) => valuesOf([split]))).toEqual([
      [0, 1, 4],
      [9, 16, 25],
      [36, 49, 64, 81],
    ])
    expect(source.ratePerSecond).toBe(100)
  })

  it('refuses a count that is none', () => {
    expect(() => generatedSequence({ count: Infinity })).toThrow(
      'the count of generatedSequence must be an integer of at least 0, but is Infinity',
    )
  })
})
