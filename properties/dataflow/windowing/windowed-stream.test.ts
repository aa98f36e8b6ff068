import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  type AllWindowedStream,
  type CountEvictor,
  CountTrigger,
  type DataStream,
  DeltaTrigger,
  EventTimeSessionWindows,
  fromArray,
  type GlobalWindow,
  GlobalWindows,
  OutputTag,
  type ProcessWindowFunction,
  SlidingEventTimeWindows,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  transactionalLog,
  type WindowedStream,
} from '../../../src/dataflow/index.ts'
import { OperatorDriver, operatorOf } from '../operator-driver.ts'

interface Item {
  readonly k: string
  readonly v: number
}
const keyOf = ({ k }: Item): string => k
const total = (a: Item, b: Item): Item => ({ k: a.k, v: a.v + b.v })
const valuesOf = (driver: OperatorDriver): unknown[] => driver.rows().map(([row]) => (row as Item).v)
const graphOf = (write: (stream: DataStream<Item>) => unknown) => {
  const env = new StreamExecutionEnvironment().enableCheckpointing(1000)
  write(env.fromSource(fromArray<Item>([]), 'in'))
  return env.jobGraph()
}

describe('count windows', () => {
  const driverFor = (write: (stream: DataStream<Item>) => DataStream<Item>) =>
    new OperatorDriver(operatorOf<Item>(write))
  const put = (driver: OperatorDriver, n: number): OperatorDriver => {
    for (let v = 1; v <= n; v += 1) driver.restore().element({ k: v % 2 === 0 ? 'even' : 'odd', v })
    return driver
  }
  it('by key: every n elements of it', () => {
    expect(
      valuesOf(
        put(
          driverFor((s) => s.keyBy(keyOf).countWindow(2).reduce(total)),
          9,
        ),
      ),
    ).toEqual([4, 6, 12, 14])
  })
  it('with a slide: the last n', () => {
    expect(
      valuesOf(
        put(
          driverFor((s) => s.keyBy(keyOf).countWindow(3, 1).reduce(total)),
          8,
        ),
      ),
    ).toEqual([1, 2, 4, 6, 9, 12, 15, 18])
  })
  it('of the whole stream', () => {
    expect(
      valuesOf(
        put(
          driverFor((s) => s.countWindowAll(3).reduce(total)),
          7,
        ),
      ),
    ).toEqual([6, 15])
    expect(
      valuesOf(
        put(
          driverFor((s) => s.countWindowAll(3, 2).reduce(total)),
          7,
        ),
      ),
    ).toEqual([3, 9, 15])
  })
})

describe('windows of a whole stream', () => {
  it('are one subtask, whatever the parallelism around it', () => {
    const { vertices, edges } = graphOf((s) =>
      s
        .setParallelism(3)
        .windowAll(TumblingEventTimeWindows.of(10))
        .process(() => ({
          process: (_context, items, out: { collect(n: number): void }) => out.collect(items.length),
        }))
        .sinkTo(transactionalLog('out')),
    )
    expect(vertices.map(({ uid, parallelism }) => [uid, parallelism])).toEqual([
      ['in', 3],
      ['windowAll', 1],
      ['out', 1],
    ])
    expect(edges[0]!.partitioner).toBe('key')
  })
  it('have functions without a key', () => {
    const driver = new OperatorDriver(
      operatorOf<Item>((s) =>
        s
          .windowAll(TumblingEventTimeWindows.of(10))
          .sideOutputLateData(new OutputTag<Item>('late'))
          .aggregate({ createAccumulator: () => 0, add: ({ v }, sum) => sum + v, getResult: (sum) => sum }, () => ({
            process: (context, [sum], out: { collect(row: unknown): void }) => out.collect([context.window().end, sum]),
          })),
      ),
    )
    driver.element({ k: 'a', v: 1 }, 0).element({ k: 'b', v: 2 }, 1).watermark(10).element({ k: 'a', v: 4 }, 5)
    expect(driver.rows()).toEqual([[[10, 3], 9]])
    expect(driver.rows('late')).toEqual([[{ k: 'a', v: 4 }, 5]])
  })
})

describe('what is refused where it is written', () => {
  const sessions = (s: DataStream<Item>) => s.keyBy(keyOf).window(EventTimeSessionWindows.withGap(10))
  const plain = (s: DataStream<Item>) => s.keyBy(keyOf).window(TumblingEventTimeWindows.of(10))
  it.each<[(s: DataStream<Item>) => unknown, string]>([
    [
      (s) => s.keyBy(keyOf).window(10 as never),
      'window takes a window assigner such as TumblingEventTimeWindows.of(size), but got 10',
    ],
    [
      (s) => s.windowAll({} as never),
      'windowAll takes a window assigner such as TumblingEventTimeWindows.of(size), but got an object',
    ],
    [
      (s) => sessions(s).trigger(DeltaTrigger.of(1, (a, b) => b.v - a.v)),
      'windows that merge, such as sessions, need a trigger with onMerge',
    ],
    [
      (s) => sessions(s).aggregate({ createAccumulator: () => 0, add: (_, n) => n + 1, getResult: (n) => n }),
      'windows that merge, such as sessions, need an AggregateFunction with merge',
    ],
    [
      (s) => plain(s).trigger({} as never),
      'trigger takes a trigger such as CountTrigger.of(3), or a factory of one, but got an object',
    ],
    [
      (s) => plain(s).evictor((() => undefined) as never),
      'evictor takes an evictor such as CountEvictor.of(3), or a factory of one, but got undefined',
    ],
    [(s) => plain(s).sideOutputLateData('late' as never), "sideOutputLateData takes an OutputTag, but got 'late'"],
    [(s) => plain(s).allowedLateness(-1), 'the allowed lateness must be at least 0 ms, but is -1'],
    [(s) => plain(s).reduce('sum' as never), "reduce takes a function of two values, but got 'sum'"],
    [
      (s) => plain(s).aggregate((() => 0) as never),
      'aggregate takes an AggregateFunction (createAccumulator, add, getResult), but got a function',
    ],
    [
      (s) => plain(s).process({} as never),
      'process takes a factory, written process(() => new …()), but got an object',
    ],
    [(s) => s.keyBy(keyOf).countWindow(0), 'the size of a count window must be an integer of at least 1, but is 0'],
    [(s) => s.countWindowAll(3, 0.5), 'the slide of a count window must be an integer of at least 1, but is 0.5'],
    [() => CountTrigger.of(0), 'the count of a CountTrigger must be an integer of at least 1, but is 0'],
  ])('%#', (write, message) => {
    expect(() => graphOf(write)).toThrow(message)
  })
  it.each<[(s: DataStream<Item>) => unknown, string]>([
    [(s) => plain(s), "window after 'in' leads nowhere: let reduce, aggregate or process follow, or take it out"],
    [
      (s) => s.countWindowAll(3),
      "countWindowAll after 'in' leads nowhere: let reduce, aggregate or process follow, or take it out",
    ],
    [
      (s) =>
        plain(s)
          .process((() => ({})) as never)
          .sinkTo(transactionalLog('out')),
      "the factory of 'window' must return an object with a method process, but returned an object",
    ],
    [
      (s) =>
        s
          .windowAll(TumblingEventTimeWindows.of(10))
          .process((() => undefined) as never)
          .sinkTo(transactionalLog('out')),
      "the factory of 'windowAll' must return an object with a method process, but returned undefined",
    ],
  ])('or where the job is built: %#', (write, message) => {
    expect(() => graphOf(write)).toThrow(message)
  })
})

describe('types', () => {
  it('flow from the assigner to the window function, and from the elements to the results', () => {
    const check = (s: DataStream<Item>): void => {
      const keyed = s.keyBy(keyOf)
      expectTypeOf(keyed.window(SlidingEventTimeWindows.of(2, 1))).toEqualTypeOf<
        WindowedStream<Item, string, TimeWindow>
      >()
      expectTypeOf(keyed.countWindow(3)).toEqualTypeOf<WindowedStream<Item, string, GlobalWindow>>()
      expectTypeOf(s.windowAll(GlobalWindows.create())).toEqualTypeOf<AllWindowedStream<Item, GlobalWindow>>()
      expectTypeOf(keyed.window(EventTimeSessionWindows.withDynamicGap(({ v }) => v)).reduce(total)).toEqualTypeOf<
        DataStream<Item>
      >()
      expectTypeOf(
        keyed
          .countWindow(3)
          .trigger(DeltaTrigger.of(1, (a, b) => b.v - a.v))
          .process(() => ({
            process(key, context, items, out: { collect(row: string): void }) {
              expectTypeOf(key).toEqualTypeOf<string>()
              expectTypeOf(context.window()).toEqualTypeOf<GlobalWindow>()
              expectTypeOf(items).toEqualTypeOf<readonly Item[]>()
              out.collect(key)
            },
          })),
      ).toEqualTypeOf<DataStream<string>>()
      expectTypeOf(keyed.sum('v')).toEqualTypeOf<DataStream<Item>>()
      // @ts-expect-error a name is no number
      keyed.sum('k')
      // @ts-expect-error a function of time windows does not fit global ones
      keyed.countWindow(3).process(() => ({}) as ProcessWindowFunction<Item, string, string, TimeWindow>)
      const wider: DataStream<{ readonly k: string }> = s
      expectTypeOf(wider.keyBy(({ k }) => k).minBy('k')).toEqualTypeOf<DataStream<{ readonly k: string }>>()
    }
    expect(check).toBeTypeOf('function')
    expectTypeOf<CountEvictor>().not.toBeAny()
  })
})
