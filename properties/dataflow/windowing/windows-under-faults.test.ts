/** Windows of every kind in jobs on the simulated cluster: what fails changes nothing of what they commit. */
import { describe, expect, it } from 'vitest'
import { Check } from '../../../src/check/index.ts'
import {
  CheckpointingMode,
  ContinuousEventTimeTrigger,
  CountEvictor,
  CountTrigger,
  type DataStream,
  EventTimeSessionWindows,
  fromArray,
  GlobalWindows,
  PurgingTrigger,
  type Scenario,
  SlidingEventTimeWindows,
  scenario,
  TumblingEventTimeWindows,
  transactionalLog,
  WatermarkStrategy,
} from '../../../src/dataflow/index.ts'
import { aligned } from '../../../src/protocols/index.ts'
import { ranWithoutFaults } from '../../scenarios/ran-without-faults.ts'

interface Item {
  readonly id: number
  readonly k: string
  readonly v: number
  readonly ts: number
}
/** Out of order within 30 ms, so that none is late. */
const items: readonly Item[] = Array.from({ length: 60 }, (_, id) => ({
  id,
  k: `k${(id * 7) % 5}`,
  v: (id * 13) % 10,
  ts: id * 10 - ((id * 17) % 31),
}))
const keyOf = ({ k }: Item): string => k
const idsOf = (some: readonly Item[]): number[] => some.map(({ id }) => id).sort((a, b) => a - b)

function windowed(write: (stream: DataStream<Item>) => DataStream<unknown>): Scenario {
  return scenario('windowed', (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const strategy = WatermarkStrategy.forBoundedOutOfOrderness(31).withTimestampAssigner(({ ts }: Item) => ts)
    const stream = env.fromSource(fromArray(items, { splits: 3 }), 'in', strategy)
    write(stream).sinkTo(transactionalLog('out')).setParallelism(1)
  })
}
/** Windows whose results do not depend on the order in which elements of several splits come. */
const jobs: Readonly<Record<string, (stream: DataStream<Item>) => DataStream<unknown>>> = {
  sessions: (s) =>
    s
      .keyBy(keyOf, 'string')
      .window(EventTimeSessionWindows.withDynamicGap(({ v }) => 20 + 5 * v))
      .process(() => ({
        process: (key, context, elements, out: { collect(row: unknown): void }) =>
          out.collect([key, context.window().start, context.window().end, idsOf(elements)]),
      })),
  'sliding with an evictor': (s) =>
    s
      .keyBy(keyOf, 'string')
      .window(SlidingEventTimeWindows.of(200, 50))
      .evictor(CountEvictor.of(100, true))
      .aggregate({ createAccumulator: () => 0, add: ({ v }, sum) => sum + v, getResult: (sum) => sum }, () => ({
        process: (key, context, [sum], out: { collect(row: unknown): void }) =>
          out.collect([key, context.window().start, sum]),
      })),
  'windows of the whole stream': (s) =>
    s
      .windowAll(TumblingEventTimeWindows.of(100))
      .sum('v')
      .map(({ v }) => v),
  'counts of a key': (s) =>
    s
      .keyBy(() => 0, 'int')
      .window(GlobalWindows.create())
      .trigger(PurgingTrigger.of(CountTrigger.of(6)))
      .process(() => ({
        process: (_key, _context, elements, out: { collect(row: number): void }) => out.collect(elements.length),
      })),
  'the end of the stream': (s) =>
    s
      .keyBy(keyOf, 'string')
      .window(GlobalWindows.createWithEndOfStreamTrigger())
      .process(() => ({
        process: (key, _context, elements, out: { collect(row: unknown): void }) =>
          out.collect([key, elements.map(({ ts }) => ts)]),
      })),
  'a coGroup of two branches': (s) =>
    s
      .filter(({ id }) => id % 2 === 0)
      .coGroup(s.filter(({ id }) => id % 3 === 0))
      .where(keyOf, 'string')
      .equalTo(keyOf)
      .window(TumblingEventTimeWindows.of(100))
      .apply((l, r, out: { collect(row: unknown): void }) => out.collect([idsOf(l), idsOf(r)])),
}
const sorted = (rows: readonly unknown[] | undefined): string[] => (rows ?? []).map((row) => JSON.stringify(row)).sort()

describe.each(Object.entries(jobs))('%s', (_, write) => {
  it('commit under faults what they commit without', () => {
    const subject = windowed(write)
    const check = new Check({ scenario: subject, protocol: aligned, seed: 'windows' })
    const expected = sorted(ranWithoutFaults(subject, Infinity, 1).committed.out)
    expect(expected.length).toBeGreaterThan(0)
    let restored = 0
    for (let i = 0; i < 25; i += 1) {
      const plan = { ...check.plan(i), records: items.length }
      const { finding, end, committed, tally } = check.runner.run(plan, { twinned: true })
      expect(finding).toBe(null)
      if (end !== 'done' || tally.assumptions.size > 0) continue
      if (tally.restores > 0) restored += 1
      expect(sorted(committed.out)).toEqual(expected)
    }
    expect(restored).toBeGreaterThan(3)
  })
})

describe('a trigger that fires early', () => {
  it('ends with the same last result of each window under faults', () => {
    const subject = windowed((s) =>
      s
        .keyBy(keyOf, 'string')
        .window(TumblingEventTimeWindows.of(200))
        .trigger(ContinuousEventTimeTrigger.of(50))
        .process(() => ({
          process: (key, context, elements, out: { collect(row: readonly [string, number, number]): void }) =>
            out.collect([key, context.window().start, elements.length]),
        })),
    )
    const most = (rows: readonly unknown[] | undefined): ReadonlyMap<string, number> => {
      const found = new Map<string, number>()
      for (const [key, start, n] of rows as readonly (readonly [string, number, number])[])
        found.set(`${key} ${start}`, Math.max(n, found.get(`${key} ${start}`) ?? 0))
      return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
    }
    const check = new Check({ scenario: subject, protocol: aligned, seed: 'windows' })
    const expected = most(ranWithoutFaults(subject, Infinity, 1).committed.out)
    for (let i = 0; i < 25; i += 1) {
      const { finding, end, committed, tally } = check.runner.run({ ...check.plan(i), records: items.length })
      expect(finding).toBe(null)
      if (end === 'done' && tally.assumptions.size === 0) expect(most(committed.out)).toEqual(expected)
    }
  })
})
