import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  EventTimeSessionWindows,
  GlobalWindow,
  GlobalWindows,
  ProcessingTimeSessionWindows,
  SlidingEventTimeWindows,
  SlidingProcessingTimeWindows,
  TimeWindow,
  TumblingEventTimeWindows,
  TumblingProcessingTimeWindows,
  type Window,
  type WindowCodec,
} from '../../../src/dataflow/index.ts'

const sizes = fc.integer({ min: 1, max: 100_000 })
const sizeAndOffset = sizes.chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1 - size, max: size - 1 })))
const short = fc.integer({ min: 1, max: 50 })
const timestamps = fc.integer({ min: -1_000_000_000_000, max: 2_000_000_000_000 })
const at = (nowMs: number) => ({ getCurrentProcessingTime: () => nowMs })

describe('tumbling windows', () => {
  it('a timestamp lies in its window, and the start is an offset away from a multiple of the size', () => {
    fc.assert(
      fc.property(sizeAndOffset, timestamps, ([size, offset], timestamp) => {
        const windows = TumblingEventTimeWindows.of(size, offset).assignWindows(null, timestamp)
        const [{ start, end } = { start: NaN, end: NaN }] = windows
        expect(windows.length).toBe(1)
        expect(start <= timestamp && timestamp < end).toBe(true)
        expect(end - start).toBe(size)
        expect(windows[0]!.maxTimestamp()).toBe(end - 1)
        expect(Math.abs((start - offset) % size)).toBe(0)
      }),
    )
  })
  it('all timestamps of a window have the same start, and the next one begins the next window', () => {
    fc.assert(
      fc.property(sizeAndOffset, timestamps, fc.nat(), ([size, offset], timestamp, further) => {
        const windows = TumblingEventTimeWindows.of(size, offset)
        const start = windows.startOf(timestamp)
        expect(windows.startOf(start + (further % size))).toBe(start)
        expect(windows.startOf(start + size)).toBe(start + size)
      }),
    )
  })
  it('the window that starts at 0 has the key 0, not -0', () => {
    expect(Object.is(TumblingEventTimeWindows.of(100).startOf(-0), 0)).toBe(true)
  })
  it('in processing time, the clock takes the place of the timestamp', () => {
    fc.assert(
      fc.property(sizeAndOffset, timestamps, ([size, offset], now) => {
        expect(TumblingProcessingTimeWindows.of(size, offset).assignWindows(null, NaN, at(now))).toEqual(
          TumblingEventTimeWindows.of(size, offset).assignWindows(null, now),
        )
      }),
    )
  })
})

describe('sliding windows', () => {
  const slides = fc.tuple(
    fc.integer({ min: 1, max: 500 }),
    fc.integer({ min: 1, max: 500 }),
    fc.integer({ min: -499, max: 499 }),
  )

  it('an element is in all windows that hold its timestamp, the latest first, and in no other', () => {
    fc.assert(
      fc.property(slides, fc.integer({ min: -2000, max: 2000 }), ([size, slide, some], timestamp) => {
        const offset = some % slide
        const windows = SlidingEventTimeWindows.of(size, slide, offset).assignWindows(null, timestamp)
        const starts: number[] = []
        for (let start = timestamp; start > timestamp - size; start -= 1)
          if ((start - offset) % slide === 0) starts.push(start)
        expect(windows.map(({ start }) => start)).toEqual(starts)
        expect(windows.every(({ start, end }) => end - start === size)).toBe(true)
      }),
    )
  })
  it('in processing time, the clock takes the place of the timestamp', () => {
    fc.assert(
      fc.property(slides, fc.nat(2000), ([size, slide, some], now) => {
        const offset = some % slide
        expect(SlidingProcessingTimeWindows.of(size, slide, offset).assignWindows(null, NaN, at(now))).toEqual(
          SlidingEventTimeWindows.of(size, slide, offset).assignWindows(null, now),
        )
      }),
    )
  })
})

describe('a window in state and in timers', () => {
  const same = <W extends Window>(codec: WindowCodec<W>, window: W, timestamp: number): void =>
    expect(codec.windowOf(codec.namespace(window, timestamp), timestamp)).toEqual(window)

  it('comes out of the namespace of a timer as it went in', () => {
    fc.assert(
      fc.property(short, short, timestamps, fc.nat(1000), (size, slide, timestamp, further) => {
        for (const assigner of [
          TumblingEventTimeWindows.of(size),
          SlidingEventTimeWindows.of(size, slide),
          EventTimeSessionWindows.withGap(size),
        ])
          for (const window of assigner.assignWindows(null, timestamp))
            for (const time of [window.maxTimestamp(), window.maxTimestamp() + further, timestamp])
              same(assigner.codec, window, time)
      }),
    )
    same(GlobalWindow.codec, GlobalWindow.get(), 5)
  })
  it('needs no namespace for the last timestamp of a window of fixed size', () => {
    expect(TumblingEventTimeWindows.of(10).codec.namespace(new TimeWindow(0, 10), 9)).toBe('')
    expect(TumblingEventTimeWindows.of(10).codec.namespace(new TimeWindow(0, 10), 10)).toBe('0')
  })
})

describe('what assigners refuse', () => {
  it.each([
    [() => TumblingEventTimeWindows.of(0), 'the size of a tumbling window must be at least 1 ms, but is 0'],
    [
      () => TumblingEventTimeWindows.of('soon'),
      "the size of a tumbling window must be whole milliseconds or a duration like '10s', but is 'soon'",
    ],
    [
      () => TumblingEventTimeWindows.of('1s', 1000),
      "the offset of a tumbling window must be less than its size of '1s', but is 1000",
    ],
    [() => SlidingEventTimeWindows.of(10, 0), 'the slide of a sliding window must be at least 1 ms, but is 0'],
    [
      () => SlidingProcessingTimeWindows.of(10, 5, -5),
      'the offset of a sliding window must be less than its slide of 5, but is -5',
    ],
    [() => EventTimeSessionWindows.withGap(0), 'the gap of a session must be at least 1 ms, but is 0'],
    [
      () => EventTimeSessionWindows.withDynamicGap(() => 0).assignWindows(null, 0),
      'the gap of a session must be at least 1 ms, but is 0',
    ],
    [
      () => ProcessingTimeSessionWindows.withDynamicGap('10s' as never),
      "withDynamicGap takes a function from element to ms, but got '10s'",
    ],
  ])('%#', (make, message) => {
    expect(make).toThrow(message)
  })
  it('nothing is late for the global window', () => {
    expect(GlobalWindows.create().isEventTime()).toBe(false)
    expect(GlobalWindow.get().maxTimestamp()).toBe(Infinity)
  })
})
