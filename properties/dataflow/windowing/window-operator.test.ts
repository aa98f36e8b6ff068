import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DataStream,
  GlobalWindows,
  OutputTag,
  ProcessingTimeSessionWindows,
  type ProcessWindowContext,
  type ProcessWindowFunction,
  SlidingProcessingTimeWindows,
  type Trigger,
  TriggerResult,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  valueState,
  type Window,
} from '../../../src/dataflow/index.ts'
import type { AssignerSpec } from '../../conformance/dataflow/window-settings.ts'
import { OperatorDriver, operatorOf } from '../operator-driver.ts'
import { driven, driverOf, nodes, type Step, steps, timeAssigners, type WindowNode } from './window-nodes.ts'

/** The spans [start, end) of an element, plainly: every multiple of the slide is tried. */
function spansOf(assigner: AssignerSpec, ts: number, v: number): (readonly [start: number, end: number])[] {
  if (assigner.type === 'session') return [[ts, ts + assigner.gap]]
  if (assigner.type === 'dynSession') return [[ts, ts + assigner.base + assigner.step * (v % assigner.m)]]
  if (assigner.type === 'global') return []
  const { size } = assigner
  const slide = assigner.type === 'sliding' ? assigner.slide : size
  const spans: (readonly [number, number])[] = []
  for (let n = -200; n <= 200; n += 1)
    if (n * slide <= ts && ts < n * slide + size) spans.push([n * slide, n * slide + size])
  return spans
}

describe('the window operator', () => {
  it('gives for each window the sum of the elements that were not late for it, once', () => {
    const fixed = timeAssigners.filter(({ type }) => type === 'tumbling' || type === 'sliding')
    fc.assert(
      fc.property(fixed, steps, (assigner, some) => {
        const expected = new Map<string, number>()
        const late: unknown[] = []
        let watermark = Number.NEGATIVE_INFINITY
        for (const step of some) {
          if ('wm' in step) watermark = Math.max(watermark, step.wm)
          else {
            const spans = spansOf(assigner, step.ts, step.v)
            const taken = spans.filter(([, end]) => end - 1 > watermark)
            for (const [start, end] of taken) {
              const window = `${step.k} ${start}:${end}`
              expected.set(window, (expected.get(window) ?? 0) + step.v)
            }
            if (taken.length === 0 && step.ts <= watermark) late.push([{ k: step.k, v: step.v, x: null }, step.ts])
          }
        }
        const node: WindowNode = {
          id: 'w',
          op: 'window',
          in: 's',
          assigner,
          late: true,
          fn: { type: 'aggregate', f: 'sum' },
        }
        const driver = driven(driverOf(node), some).watermark(Infinity)
        const rows = driver.rows().map(([row, at]) => [row as { k: string; v: number; x: string }, at] as const)
        expect(rows.length).toBe(expected.size)
        for (const [{ k, v, x }, at] of rows) {
          expect([x, v]).toEqual([x, expected.get(`${k} ${x}`)])
          expect(at).toBe(Number(x.split(':')[1]) - 1)
        }
        expect(driver.rows('late')).toEqual(late)
      }),
    )
  })

  it('gives for each session the sum of its elements, if none is late', () => {
    const sessions = timeAssigners.filter(({ type }) => type === 'session' || type === 'dynSession')
    const elements = steps.map((some) => some.filter((step) => !('wm' in step)) as Exclude<Step, { wm: number }>[])
    fc.assert(
      fc.property(sessions, elements, (assigner, some) => {
        const expected: unknown[] = []
        for (const key of ['a', 'b', 'c']) {
          // in the order of time, a session is open until nothing touches its end
          let open: { start: number; end: number; sum: number } | undefined
          for (const { ts, v } of some.filter(({ k }) => k === key).sort((a, b) => a.ts - b.ts)) {
            const end = spansOf(assigner, ts, v)[0]![1]
            if (open === undefined || ts > open.end) {
              open = { start: ts, end, sum: 0 }
              expected.push([key, open])
            }
            open.end = Math.max(open.end, end)
            open.sum += v
          }
        }
        const node: WindowNode = { id: 'w', op: 'window', in: 's', assigner, fn: { type: 'aggregate', f: 'sum' } }
        const rows = driven(driverOf(node), some).watermark(Infinity).rows()
        const got = rows.map(([row]) => row as { k: string; v: number; x: string })
        const written = (expected as [string, { start: number; end: number; sum: number }][]).map(
          ([k, { start, end, sum }]) => ({ k, v: sum, x: `${start}:${end}` }),
        )
        const order = (a: { k: string; x: string }, b: { k: string; x: string }) => (a.k + a.x < b.k + b.x ? -1 : 1)
        expect([...got].sort(order)).toEqual(written.sort(order))
      }),
    )
  })

  it('goes on after a restore as if nothing had happened', () => {
    fc.assert(
      fc.property(nodes, steps, fc.array(fc.nat(39), { minLength: 1, maxLength: 3 }), (node, some, cuts) => {
        const through = driven(driverOf(node), some).watermark(Infinity)
        const restored = driverOf(node)
        some.forEach((step, i) => {
          if (cuts.includes(i)) restored.restore()
          driven(restored, [step])
        })
        restored.watermark(Infinity)
        expect(restored.emitted).toEqual(through.emitted)
        expect(restored.digest()).toEqual(through.digest())
      }),
    )
  })

  it('does the same for a key whatever comes with other keys', () => {
    fc.assert(
      fc.property(nodes, steps, (node, some) => {
        const all = driven(driverOf(node), some).watermark(Infinity)
        for (const key of ['a', 'b', 'c']) {
          const alone = driven(
            driverOf(node),
            some.filter((step) => 'wm' in step || step.k === key),
          ).watermark(Infinity)
          const ofKey = (rows: ReturnType<OperatorDriver['rows']>) =>
            rows.filter(([row]) => (row as { k: string }).k === key)
          expect(ofKey(all.rows())).toEqual(alone.rows())
          expect(ofKey(all.rows('late'))).toEqual(alone.rows('late'))
        }
      }),
    )
  })

  it('leaves nothing behind when all windows are over', () => {
    fc.assert(
      fc.property(nodes, steps, (node, some) => {
        const driver = driven(driverOf(node), some)
        driver.watermark(1000)
        expect(driver.stateBytes()).toBe(0)
        expect(driver.watermarks().at(-1)).toBe(1000)
      }),
    )
  })

  it('takes an evictor and nothing to reduce for no result, but gives a window function what is left', () => {
    const run = (fn: WindowNode['fn']) =>
      driven(
        driverOf({
          id: 'w',
          op: 'window',
          in: 's',
          assigner: { type: 'tumbling', size: 10 },
          evictor: { type: 'count', n: 0 },
          fn,
        }),
        [{ k: 'a', v: 1, x: null, ts: 0 }, { wm: 20 }],
      ).rows()
    expect(run({ type: 'reduce', f: 'sum' })).toEqual([])
    expect(run({ type: 'reduceW', f: 'sum' })).toEqual([])
    expect(run({ type: 'aggregate', f: 'count' })).toEqual([[{ k: 'a', v: 0, x: '0:10' }, 9]])
    expect(run({ type: 'process', list: 'arrival' })).toEqual([[{ k: 'a', v: 0, x: '0:10:0:' }, 9]])
  })
})

type Item = readonly [key: string, value: number]
const driverFor = (write: (stream: DataStream<Item>) => DataStream<unknown>): OperatorDriver =>
  new OperatorDriver(operatorOf<Item>(write))
const keyOf = ([key]: Item): string => key
const total = (a: Item, b: Item): Item => [a[0], a[1] + b[1]]

describe('windows in processing time', () => {
  it('tumbling: the clock puts elements into windows and fires them', () => {
    const driver = driverFor((s) => s.keyBy(keyOf).window(TumblingProcessingTimeWindows.of(10, 3)).reduce(total))
    driver.clock(4).element(['a', 1], 1000).clock(11).element(['a', 2]).watermark(5000)
    expect(driver.rows()).toEqual([])
    driver.restore().clock(13).element(['a', 4]).clock(23)
    expect(driver.rows()).toEqual([
      [['a', 3], 12],
      [['a', 4], 22],
    ])
    expect(driver.stateBytes()).toBe(0)
  })
  it('sliding: an element is in several', () => {
    const driver = driverFor((s) => s.keyBy(keyOf).window(SlidingProcessingTimeWindows.of(10, 5)).reduce(total))
    driver.clock(3).element(['a', 1]).clock(8).element(['a', 2]).clock(100)
    expect(driver.rows()).toEqual([
      [['a', 1], 4],
      [['a', 3], 9],
      [['a', 2], 14],
    ])
    expect(driver.stateBytes()).toBe(0)
  })
  it('sessions: they last as long as elements keep coming', () => {
    const driver = driverFor((s) => s.keyBy(keyOf).window(ProcessingTimeSessionWindows.withGap(10)).reduce(total))
    driver.clock(0).element(['a', 1]).clock(8).element(['a', 2]).clock(17)
    expect(driver.rows()).toEqual([[['a', 3], 17]])
    driver.clock(18).element(['a', 4]).clock(100)
    expect(driver.rows()).toEqual([
      [['a', 3], 17],
      [['a', 4], 27],
    ])
    expect(driver.stateBytes()).toBe(0)
  })
  it('sessions: each element may say its gap', () => {
    const windows = ProcessingTimeSessionWindows.withDynamicGap<Item>(([, gap]) => gap)
    const driver = driverFor((s) => s.keyBy(keyOf).window(windows).reduce(total))
    driver.clock(0).element(['a', 50]).clock(1).element(['a', 1]).clock(49)
    expect(driver.rows()).toEqual([[['a', 51], 49]])
  })
})

describe('a window function', () => {
  class Counting implements ProcessWindowFunction<Item, unknown, string> {
    cleared: string[] = []
    process(key: string, context: ProcessWindowContext, elements: readonly Item[], out: { collect(v: unknown): void }) {
      const ofWindow = context.windowState().getState(valueState('n', 0))
      const ofKey = context.globalState().getState(valueState('n', 0))
      ofWindow.update(ofWindow.value()! + 1)
      ofKey.update(ofKey.value()! + 1)
      context.output(new OutputTag<string>('who'), key)
      out.collect([
        context.window().start,
        elements.length,
        ofWindow.value(),
        ofKey.value(),
        context.currentWatermark(),
      ])
    }
    clear(context: ProcessWindowContext) {
      context.windowState().getState(valueState('n', 0)).clear()
    }
  }
  it('has state of the window and of the key, side outputs, the watermark', () => {
    const driver = driverFor((s) =>
      s
        .keyBy(keyOf)
        .window(TumblingEventTimeWindows.of(10))
        .allowedLateness(10)
        .process(() => new Counting()),
    )
    driver.element(['a', 1], 1).watermark(9).restore().element(['a', 1], 2).element(['a', 1], 12).watermark(30)
    expect(driver.rows()).toEqual([
      [[0, 1, 1, 1, 9], 9],
      [[0, 2, 2, 2, 9], 9],
      [[10, 1, 1, 3, 30], 19],
    ])
    expect(driver.rows('who').length).toBe(3)
  })
  it('has no state of a window that may merge', () => {
    const driver = driverFor((s) =>
      s
        .keyBy(keyOf)
        .window(ProcessingTimeSessionWindows.withGap(10))
        .process(() => new Counting()),
    )
    driver.element(['a', 1])
    expect(() => driver.clock(9)).toThrow(
      "window 'window' merges its windows, and then there is no windowState: use globalState",
    )
  })
})

describe('what the operator refuses', () => {
  const windowed = (trigger?: Trigger<Item, Window>) =>
    driverFor((s) => {
      const all = s.keyBy(keyOf).window(TumblingEventTimeWindows.of(10))
      return (trigger === undefined ? all : all.trigger(trigger)).reduce(total)
    })
  it('elements without event time', () => {
    expect(() => windowed().element(['a', 1])).toThrow(
      "window 'window' needs event time: give fromSource a WatermarkStrategy as its third argument",
    )
  })
  it('elements at the end of time', () => {
    expect(() => windowed().element(['a', 1], Infinity)).toThrow(
      "window 'window' got an element at the end of time, which is where results of global windows and count windows are: give them timestamps with assignTimestampsAndWatermarks",
    )
  })
  it('a trigger that does not say what to do', () => {
    const silent = {
      onElement: () => undefined as unknown as TriggerResult,
      onEventTime: () => TriggerResult.CONTINUE,
      onProcessingTime: () => TriggerResult.CONTINUE,
      clear() {},
    }
    expect(() => windowed(silent).element(['a', 1], 1)).toThrow(
      "the trigger of window 'window' must return a TriggerResult, but returned undefined",
    )
  })
})

describe('global windows that fire at the end of the stream', () => {
  it('hold back elements and watermarks, and are in the order of event time', () => {
    const driver = driverFor((s) =>
      s
        .keyBy(keyOf)
        .window(GlobalWindows.createWithEndOfStreamTrigger())
        .process(() => ({
          process: (key, _context, elements, out: { collect(v: unknown): void }) =>
            out.collect([key, ...elements.map(([, v]) => v)]),
        })),
    )
    driver
      .element(['a', 1], 50)
      .element(['a', 2], 10)
      .watermark(60)
      .restore()
      .element(['a', 3], 50)
      .element(['a', 4], 20)
    expect(driver.emitted).toEqual([])
    driver.watermark(Infinity)
    expect(driver.emitted).toEqual([{ value: ['a', 2, 4, 1, 3], at: Infinity }, { watermark: Infinity }])
  })
  it('on a stream without keys they are like others', () => {
    const driver = driverFor((s) => s.windowAll(GlobalWindows.createWithEndOfStreamTrigger()).reduce(total))
    driver.element(['a', 1], 50).watermark(60).element(['b', 2], 10).watermark(Infinity)
    expect(driver.emitted).toEqual([{ watermark: 60 }, { value: ['a', 3], at: Infinity }, { watermark: Infinity }])
  })
})
