/** What the programs of conformance/ do not show of triggers and evictors. */
import { describe, expect, it } from 'vitest'
import {
  aggregatingState,
  ContinuousEventTimeTrigger,
  type DataStream,
  DeltaTrigger,
  EventTimeSessionWindows,
  type Evictor,
  GlobalWindows,
  listState,
  mapState,
  NeverTrigger,
  type OnMergeContext,
  PurgingTrigger,
  reducingState,
  stateTtl,
  type TimestampedValue,
  type Trigger,
  type TriggerContext,
  TriggerResult,
  TumblingEventTimeWindows,
  valueState,
  type Window,
  withTtl,
} from '../../../src/dataflow/index.ts'
import { OperatorDriver, operatorOf } from '../operator-driver.ts'

type Item = readonly [key: string, value: number]
const driverFor = (write: (stream: DataStream<Item>) => DataStream<unknown>): OperatorDriver =>
  new OperatorDriver(operatorOf<Item>(write))
const keyOf = ([key]: Item): string => key
const total = (a: Item, b: Item): Item => [a[0], a[1] + b[1]]
const distance = (a: Item, b: Item): number => Math.abs(a[1] - b[1])

describe('triggers', () => {
  it('delta: the element that fires is what the next are compared with', () => {
    const driver = driverFor((s) =>
      s.keyBy(keyOf).window(GlobalWindows.create()).trigger(DeltaTrigger.of(5, distance)).reduce(total),
    )
    for (const v of [0, 5, 6, 1, 0]) driver.restore().element(['a', v])
    expect(driver.rows()).toEqual([
      [['a', 11], Infinity],
      [['a', 12], Infinity],
    ])
  })
  it('never: not even at the end', () => {
    const driver = driverFor((s) =>
      s.keyBy(keyOf).window(TumblingEventTimeWindows.of(10)).trigger(NeverTrigger.create()).reduce(total),
    )
    driver.element(['a', 1], 0).watermark(Infinity)
    expect(driver.rows()).toEqual([])
    expect(driver.stateBytes()).toBe(0)
  })
  it('continuous, in a global window: at the pending time, and once more at the end (rule continuous-global-end)', () => {
    const driver = driverFor((s) =>
      s.keyBy(keyOf).window(GlobalWindows.create()).trigger(ContinuousEventTimeTrigger.of(10)).reduce(total),
    )
    driver.element(['a', 1], 3).watermark(25)
    expect(driver.rows().length).toBe(2)
    driver.element(['a', 2], 26).watermark(Infinity)
    expect(driver.rows()).toEqual([
      [['a', 1], Infinity],
      [['a', 1], Infinity],
      [['a', 3], Infinity],
      [['a', 3], Infinity],
    ])
  })
  it('purging: only what has come since counts', () => {
    const every = (n: number): Trigger<Item, Window> => ({
      onElement: ([, v]) => (v % n === 0 ? TriggerResult.FIRE : TriggerResult.CONTINUE),
      onEventTime: () => TriggerResult.CONTINUE,
      onProcessingTime: () => TriggerResult.CONTINUE,
      clear() {},
    })
    const driver = driverFor((s) =>
      s
        .keyBy(keyOf)
        .window(GlobalWindows.create())
        .trigger(PurgingTrigger.of(every(3)))
        .reduce(total),
    )
    for (const v of [1, 2, 3, 4, 6]) driver.element(['a', v])
    expect(driver.rows().map(([row]) => row)).toEqual([
      ['a', 6],
      ['a', 10],
    ])
  })
})

/** Keeps something of every kind, and fires when the window's list has three elements. */
class Keeping implements Trigger<Item, Window> {
  readonly #list = listState<number>('list')
  readonly #sum = reducingState<number>('sum', (a, b) => a + b)
  readonly #mean = aggregatingState<number, readonly [number, number], number>('mean', {
    createAccumulator: () => [0, 0],
    add: (v, [sum, n]) => [sum + v, n + 1],
    merge: ([s, n], [t, m]) => [s + t, n + m],
    getResult: ([sum, n]) => sum / n,
  })
  readonly #map = mapState<number, number>('map')
  readonly #last = valueState<number>('last', -1)
  readonly seen: unknown[]

  constructor(seen: unknown[]) {
    this.seen = seen
  }
  onElement([, v]: Item, _timestampMs: number, _window: Window, context: TriggerContext): TriggerResult {
    const list = context.getPartitionedState(this.#list)
    const sum = context.getPartitionedState(this.#sum)
    const mean = context.getPartitionedState(this.#mean)
    const map = context.getPartitionedState(this.#map)
    const last = context.getPartitionedState(this.#last)
    this.seen.push(last.value())
    list.add(v)
    sum.add(v)
    mean.add(v)
    map.put(v, 1)
    map.put(v + 1, 2)
    map.remove(v)
    last.update(v)
    this.seen.push([list.get(), sum.get(), mean.get(), map.entries(), map.get(v + 1), map.contains(v), map.isEmpty()])
    return list.get().length === 3 ? TriggerResult.FIRE : TriggerResult.CONTINUE
  }
  onEventTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onProcessingTime(): TriggerResult {
    return TriggerResult.CONTINUE
  }
  onMerge(_window: Window, context: OnMergeContext): void {
    context.mergePartitionedState(this.#list)
    context.mergePartitionedState(this.#sum)
    context.mergePartitionedState(this.#mean)
  }
  clear(_window: Window, context: TriggerContext): void {
    context.getPartitionedState(this.#list).clear()
    context.getPartitionedState(this.#sum).clear()
    context.getPartitionedState(this.#mean).clear()
    context.getPartitionedState(this.#map).clear()
    context.getPartitionedState(this.#last).clear()
  }
}

describe('state of a trigger', () => {
  it('is of one window, of every kind, and merges with the windows if it can', () => {
    const seen: unknown[] = []
    const driver = driverFor((s) =>
      s
        .keyBy(keyOf)
        .window(EventTimeSessionWindows.withGap(10))
        .trigger(() => new Keeping(seen))
        .reduce(total),
    )
    driver.element(['a', 2], 0).element(['a', 4], 18).restore().element(['a', 6], 9).watermark(100)
    expect(seen).toEqual([
      -1,
      [[2], 2, 2, [[3, 2]], 2, false, false],
      -1,
      [[4], 4, 4, [[5, 2]], 2, false, false],
      -1,
      [[2, 4, 6], 12, 4, [[7, 2]], 2, false, false],
    ])
    expect(driver.rows()).toEqual([[['a', 12], 27]])
    expect(driver.stateBytes()).toBe(0)
  })
  it('of a kind that cannot merge is refused then', () => {
    const merging = (descriptor: Parameters<OnMergeContext['mergePartitionedState']>[0]): Trigger<Item, Window> => ({
      onElement(_element, _timestampMs, _window, context) {
        context.getPartitionedState(descriptor as never)
        context.getPartitionedState(reducingState<number>('sum', Math.max)).add(1)
        return TriggerResult.CONTINUE
      },
      onEventTime: () => TriggerResult.CONTINUE,
      onProcessingTime: () => TriggerResult.CONTINUE,
      onMerge: (_window, context) => context.mergePartitionedState(descriptor),
      clear() {},
    })
    const message =
      "the state 'sum' cannot be merged: use list state, or without a time to live reducing state or aggregating state whose aggregate has a merge"
    for (const descriptor of [valueState('sum', 1), withTtl(reducingState<number>('sum', Math.max), stateTtl(10))])
      expect(() =>
        driverFor((s) =>
          s
            .keyBy(keyOf)
            .window(EventTimeSessionWindows.withGap(10))
            .trigger(merging(descriptor as never))
            .reduce(total),
        )
          .element(['a', 1], 0)
          .element(['a', 1], 5),
      ).toThrow(message)
  })
  it('may have a time to live', () => {
    const count = withTtl(
      reducingState<number>('count', (a, b) => a + b),
      stateTtl(10),
    )
    const second: Trigger<Item, Window> = {
      onElement(_element, _timestampMs, _window, context) {
        const held = context.getPartitionedState(count)
        held.add(1)
        return held.get() === 2 ? TriggerResult.FIRE : TriggerResult.CONTINUE
      },
      onEventTime: () => TriggerResult.CONTINUE,
      onProcessingTime: () => TriggerResult.CONTINUE,
      clear() {},
    }
    const driver = driverFor((s) => s.keyBy(keyOf).window(GlobalWindows.create()).trigger(second).reduce(total))
    driver.element(['a', 1]).clock(10).element(['a', 2])
    expect(driver.rows()).toEqual([])
    driver.clock(19).element(['a', 4])
    expect(driver.rows()).toEqual([[['a', 7], Infinity]])
  })
})

describe('an evictor of the user', () => {
  const keeping = (keep: (value: number) => boolean): Evictor<Item, Window> => ({
    evictBefore: (elements) => elements.filter(({ value }) => keep(value[1])),
    evictAfter: (elements) => elements,
  })
  it('says what stays', () => {
    const driver = driverFor((s) =>
      s
        .keyBy(keyOf)
        .window(TumblingEventTimeWindows.of(10))
        .allowedLateness(10)
        .evictor(() => keeping((v) => v % 2 === 0))
        .reduce(total),
    )
    driver.element(['a', 1], 0).element(['a', 2], 1).watermark(9).element(['a', 4], 2)
    expect(driver.rows()).toEqual([
      [['a', 2], 9],
      [['a', 6], 9],
    ])
  })
  it('sees watermark and clock, and the timestamps there are', () => {
    const seen: unknown[] = []
    const watching: Evictor<Item, Window> = {
      evictBefore(elements, window, context) {
        seen.push([elements, window.maxTimestamp(), context.getCurrentWatermark(), context.getCurrentProcessingTime()])
        return elements
      },
      evictAfter: () => [],
    }
    const driver = driverFor((s) =>
      s
        .keyBy(keyOf)
        .window(GlobalWindows.create())
        .trigger(DeltaTrigger.of(0, distance))
        .evictor(watching)
        .reduce(total),
    )
    driver.clock(7).watermark(3).element(['a', 1], 5).element(['a', 2]).element(['a', 3])
    expect(seen).toEqual([
      [
        [
          { value: ['a', 1], timestampMs: 5 },
          { value: ['a', 2], timestampMs: undefined },
        ],
        Infinity,
        3,
        7,
      ],
      [[{ value: ['a', 3], timestampMs: undefined }], Infinity, 3, 7],
    ])
  })
  it('must return what stays', () => {
    const silent = { evictBefore: () => undefined as never, evictAfter: (e: TimestampedValue<Item>[]) => e }
    const driver = driverFor((s) =>
      s
        .keyBy(keyOf)
        .window(TumblingEventTimeWindows.of(10))
        .evictor(silent as unknown as Evictor<Item, Window>)
        .reduce(total),
    )
    expect(() => driver.element(['a', 1], 0).watermark(9)).toThrow(
      'an evictor must return the elements that stay, as an array, but returned undefined',
    )
  })
})
