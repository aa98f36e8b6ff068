import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  CheckpointingMode,
  CountEvictor,
  CountTrigger,
  type DataStream,
  fromArray,
  type Scenario,
  StreamExecutionEnvironment,
  scenario,
  TumblingEventTimeWindows,
  transactionalLog,
  WatermarkStrategy,
} from '../../../src/dataflow/index.ts'
import { ranWithoutFaults } from '../../scenarios/ran-without-faults.ts'

interface Item {
  readonly k: string
  readonly v: number
  readonly ts: number
}
const WINDOW_MS = 20
const windowOf = ({ ts }: Item): number => Math.floor(ts / WINDOW_MS)
const items = fc.array(fc.record({ k: fc.constantFrom('a', 'b'), v: fc.nat(9), ts: fc.nat(60) }), { maxLength: 8 })

function meeting(
  left: readonly Item[],
  right: readonly Item[],
  parallelism: number,
  write: (a: DataStream<Item>, b: DataStream<Item>) => DataStream<unknown>,
): Scenario {
  return scenario('meeting', (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(parallelism)
    const never = WatermarkStrategy.forBoundedOutOfOrderness(100).withTimestampAssigner(({ ts }: Item) => ts)
    const stream = (some: readonly Item[], name: string) => env.fromSource(fromArray(some, { splits: 2 }), name, never)
    write(stream(left, 'left'), stream(right, 'right')).sinkTo(transactionalLog('out'))
  })
}
const sorted = (rows: readonly unknown[]): string[] => rows.map((row) => JSON.stringify(row)).sort()
const keyOf = ({ k }: Item): string => k

describe('a join in windows', () => {
  it('gives every pair of a key and a window, once', () => {
    fc.assert(
      fc.property(items, items, fc.integer({ min: 1, max: 3 }), (left, right, parallelism) => {
        const joined = meeting(left, right, parallelism, (a, b) =>
          a
            .join(b)
            .where(keyOf, 'string')
            .equalTo(keyOf)
            .window(TumblingEventTimeWindows.of(WINDOW_MS))
            .apply((l, r) => [l, r]),
        )
        const pairs = left.flatMap((l) =>
          right.filter((r) => r.k === l.k && windowOf(r) === windowOf(l)).map((r) => [l, r]),
        )
        expect(sorted(ranWithoutFaults(joined, Infinity, 1).committed.out ?? [])).toEqual(sorted(pairs))
      }),
      { numRuns: 30 },
    )
  })
})

describe('a coGroup', () => {
  it('gives for each key and window what there is on both sides', () => {
    fc.assert(
      fc.property(items, items, fc.integer({ min: 1, max: 3 }), (left, right, parallelism) => {
        const grouped = meeting(left, right, parallelism, (a, b) =>
          a
            .coGroup(b)
            .where(keyOf)
            .equalTo(keyOf)
            .window(TumblingEventTimeWindows.of(WINDOW_MS))
            .apply((ls, rs, out: { collect(row: unknown): void }) => {
              const { k } = (ls[0] ?? rs[0])!
              out.collect([k, sorted(ls), sorted(rs)])
            }),
        )
        const windows = new Set([...left, ...right].map((item) => `${item.k} ${windowOf(item)}`))
        const expected = [...windows].map((window) => {
          const within = (item: Item): boolean => `${item.k} ${windowOf(item)}` === window
          return [window.split(' ')[0], sorted(left.filter(within)), sorted(right.filter(within))]
        })
        expect(sorted(ranWithoutFaults(grouped, Infinity, 1).committed.out ?? [])).toEqual(sorted(expected))
      }),
      { numRuns: 30 },
    )
  })
  it('of a stream with itself: both sides are the same', () => {
    const some = [
      { k: 'a', v: 1, ts: 1 },
      { k: 'a', v: 2, ts: 2 },
    ]
    const itself = meeting(some, [], 1, (a, b) => {
      b.sinkTo(transactionalLog('rest'))
      return a
        .join(a)
        .where(keyOf)
        .equalTo(keyOf)
        .window(TumblingEventTimeWindows.of(WINDOW_MS))
        .apply((l, r) => [l.v, r.v])
    })
    expect(sorted(ranWithoutFaults(itself, Infinity, 1).committed.out!)).toEqual(['[1,1]', '[1,2]', '[2,1]', '[2,2]'])
  })
})

describe('two streams in windows', () => {
  const graphOf = (write: (a: DataStream<Item>, b: DataStream<Item>) => unknown) => {
    const env = new StreamExecutionEnvironment().enableCheckpointing(1000)
    const a = env.fromSource(fromArray<Item>([]), 'a').setParallelism(2)
    write(a, env.fromSource(fromArray<Item>([]), 'b'))
    return env.jobGraph()
  }
  it('are tagged where they come from, and meet in one operator', () => {
    const { vertices, edges } = graphOf((a, b) =>
      a
        .join(b)
        .where(keyOf)
        .equalTo(keyOf)
        .window(TumblingEventTimeWindows.of(10))
        .trigger(CountTrigger.of(2))
        .evictor(CountEvictor.of(2))
        .allowedLateness(5)
        .apply((l, r) => l.v + r.v)
        .sinkTo(transactionalLog('out')),
    )
    expect(vertices.map(({ uid, parallelism, chain }) => [uid, parallelism, chain.length])).toEqual([
      ['a', 2, 1],
      ['b', 1, 1],
      ['join', 1, 0],
      ['out', 1, 0],
    ])
    expect(edges.map(({ name, input, partitioner }) => [name, input, partitioner])).toEqual([
      ['a->join', 0, 'key'],
      ['b->join', 0, 'key'],
      ['join->out', 0, 'forward'],
    ])
  })
  it.each<[(a: DataStream<Item>, b: DataStream<Item>) => unknown, string]>([
    [(a) => a.join('b' as never), "join takes a stream, but got 'b'"],
    [(a, b) => a.join(b).where('k' as never), "where takes a function from value to key, but got 'k'"],
    [
      (a, b) =>
        a
          .coGroup(b)
          .where(keyOf)
          .equalTo('k' as never),
      "equalTo takes a function from value to key, but got 'k'",
    ],
    [
      (a, b) =>
        a
          .join(b)
          .where(keyOf)
          .equalTo(keyOf)
          .window(10 as never),
      'window takes a window assigner such as TumblingEventTimeWindows.of(size), but got 10',
    ],
    [
      (a, b) =>
        a
          .join(b)
          .where(keyOf)
          .equalTo(keyOf)
          .window(TumblingEventTimeWindows.of(10))
          .apply({} as never),
      'apply takes a function of two elements, but got an object',
    ],
    [
      (a, b) =>
        a
          .coGroup(b)
          .where(keyOf)
          .equalTo(keyOf)
          .window(TumblingEventTimeWindows.of(10))
          .apply({} as never),
      'apply takes a function of the elements of both streams, but got an object',
    ],
    [
      (a, b) => a.rebalance().join(b.rebalance()).where(keyOf),
      "join after 'a' leads nowhere: let where, equalTo, window and apply follow, or take it out",
    ],
    [
      (a, b) => a.coGroup(b).where(keyOf),
      "coGroup after 'a' leads nowhere: let where, equalTo, window and apply follow, or take it out",
    ],
  ])('are refused if something is missing: %#', (write, message) => {
    expect(() => graphOf(write)).toThrow(message)
  })
  it('have a key type in common', () => {
    const check = (a: DataStream<Item>, b: DataStream<Item>): void => {
      const keyed = a.join(b).where(keyOf)
      // @ts-expect-error a number is no string
      keyed.equalTo(({ v }) => v)
      const joined = a
        .join(b)
        .where(({ v }) => v, 'int')
        .equalTo(({ ts }) => ts)
        .window(TumblingEventTimeWindows.of(10))
        .apply((l, r) => [l.k, r.v] as const)
      expectTypeOf(joined).toEqualTypeOf<DataStream<readonly [string, number]>>()
    }
    expect(check).toBeTypeOf('function')
  })
})
