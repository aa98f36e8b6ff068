import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  appendLog,
  type Collector,
  type DataStream,
  fromArray,
  generatedSequence,
  type ProcessWindowFunction,
  StreamExecutionEnvironment,
  type TimeWindow,
  TumblingEventTimeWindows,
  WatermarkStrategy,
} from '../../src/dataflow/index.ts'
import { LocalJob } from './local-job.ts'

const checkpointed = () => new StreamExecutionEnvironment().enableCheckpointing(1000)

describe('assignment to windows', () => {
  const sizes = fc.integer({ min: 1, max: 100_000 })
  const sizeAndOffset = sizes.chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1 - size, max: size - 1 })))
  const timestamps = fc.integer({ min: -1_000_000_000_000, max: 2_000_000_000_000 })

  it('a timestamp lies in its window, and the start is an offset away from a multiple of the size', () => {
    fc.assert(
      fc.property(sizeAndOffset, timestamps, ([size, offset], timestamp) => {
        const windows = TumblingEventTimeWindows.of(size, offset)
        const start = windows.startOf(timestamp)
        expect(start <= timestamp && timestamp <= windows.maxTimestamp(start)).toBe(true)
        expect(windows.maxTimestamp(start)).toBe(start + size - 1)
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

  it.each([
    [() => TumblingEventTimeWindows.of(0), 'the size of a tumbling window must be at least 1 ms, but is 0'],
    [
      () => TumblingEventTimeWindows.of('soon'),
      "the size of a tumbling window must be whole milliseconds or a duration like '10s', but is 'soon'",
    ],
    [
      () => TumblingEventTimeWindows.of('1s', 1000),
      "the offset of a tumbling window must be less than its size, but is 1000 of '1s'",
    ],
  ])('refuses what is out of range', (make, message) => {
    expect(make).toThrow(message)
  })
})

interface Row {
  readonly k: string
  readonly v: number
  readonly x: string | null
}
type Combine = 'sum' | 'min' | 'max' | 'first' | 'last' | 'hash'
interface GoldenNode {
  readonly id: string
  readonly op: 'map' | 'filter' | 'flatMap' | 'window'
  readonly in: string
  readonly a: number
  readonly b: number
  readonly m: number
  readonly r: number
  readonly n: number
  readonly not?: boolean
  readonly assigner: { readonly size: number; readonly offset?: number }
  readonly fn:
    | { readonly type: 'reduce'; readonly f: Combine }
    | { readonly type: 'aggregate'; readonly f: 'sum' | 'count' | 'min' | 'max' | 'avg' | 'range' }
    | { readonly type: 'process'; readonly list: 'arrival' | 'sorted' | 'none' }
}
interface GoldenProgram {
  readonly id: string
  readonly program: {
    readonly sources: readonly [
      { readonly strategy: { readonly type: string; readonly bound?: number; readonly m?: number } },
    ]
    readonly nodes: readonly GoldenNode[]
    readonly sinks: readonly [{ readonly in: string }]
  }
  readonly input: readonly { readonly k?: string; readonly v: number; readonly ts: number; readonly wm: number }[]
  readonly expected: { readonly sinks: { readonly out: { mode: string; rows: GoldenRow[]; wms: (number | 'MAX')[] } } }
}
type GoldenRow = [k: string, v: number, x: string | null, ts: number, watermark: number | 'MIN' | null]

const mod = (a: number, m: number): number => ((a % m) + m) % m
const combine: Record<Combine, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  min: Math.min,
  max: Math.max,
  first: (a) => a,
  last: (_, b) => b,
  hash: (a, b) => mod(a * 31 + b, 1_000_003),
}
const results = {
  sum: (vs: readonly number[]) => vs.reduce((a, b) => a + b),
  count: (vs: readonly number[]) => vs.length,
  min: (vs: readonly number[]) => Math.min(...vs),
  max: (vs: readonly number[]) => Math.max(...vs),
  avg: (vs: readonly number[]) => Math.floor(vs.reduce((a, b) => a + b) / vs.length),
  range: (vs: readonly number[]) => Math.max(...vs) - Math.min(...vs),
}

/** The whole window as a row; `list` says how its values are written. */
class Listed implements ProcessWindowFunction<Row, Row, string> {
  readonly #list: 'arrival' | 'sorted' | 'none'
  constructor(list: 'arrival' | 'sorted' | 'none') {
    this.#list = list
  }
  process(k: string, { start, end }: TimeWindow, rows: readonly Row[], out: Collector<Row>): void {
    const vs = rows.map(({ v }) => v)
    const listed =
      this.#list === 'none' ? '' : `:${(this.#list === 'sorted' ? [...vs].sort((a, b) => a - b) : vs).join(',')}`
    out.collect({ k, v: results.sum(vs), x: `${start}:${end}:${vs.length}${listed}` })
  }
}

function written(stream: DataStream<Row>, node: GoldenNode): DataStream<Row> {
  if (node.op === 'map') return stream.map(({ k, v, x }) => ({ k, v: v * node.a + node.b, x }))
  if (node.op === 'filter') return stream.filter(({ v }) => (mod(v, node.m) === node.r) !== (node.not ?? false))
  if (node.op === 'flatMap') {
    return stream.flatMap(({ k, v, x }) => Array.from({ length: node.n }, (_, i) => ({ k, v: v + i, x })))
  }
  const windowed = stream
    .keyBy(({ k }) => k)
    .window(TumblingEventTimeWindows.of(node.assigner.size, node.assigner.offset ?? 0))
  const { fn } = node
  if (fn.type === 'process') return windowed.process(() => new Listed(fn.list))
  if (fn.type === 'reduce') {
    return windowed.reduce((a, b) => ({ k: a.k, v: combine[fn.f](a.v, b.v), x: null }))
  }
  return windowed.aggregate<readonly number[], number, Row>(
    {
      createAccumulator: () => [],
      add: ({ v }, vs) => [...vs, v],
      getResult: (vs) => results[fn.f](vs),
    },
    () => ({ process: (k, { start, end }, [v], out) => out.collect({ k, v: v!, x: `${start}:${end}` }) }),
  )
}

function run({ program, input }: GoldenProgram): LocalJob {
  const env = checkpointed()
  const streams = new Map([['s0', env.fromSource(fromArray<Row>([]), 's0')]])
  for (const node of program.nodes) streams.set(node.id, written(streams.get(node.in)!, node))
  streams.get(program.sinks[0].in)!.sinkTo(appendLog('out'))
  const job = new LocalJob(env.jobGraph())
  const { type, bound = 0, m = 1 } = program.sources[0].strategy
  let watermark = Number.NEGATIVE_INFINITY
  let highest = Number.NEGATIVE_INFINITY
  const advance = (to: number): void => {
    if (to > watermark) job.watermark('s0', to)
    watermark = Math.max(watermark, to)
  }
  for (const { k, v, ts, wm } of input) {
    if (k === undefined) {
      advance(wm)
      continue
    }
    job.element('s0', { k, v, x: null }, ts)
    highest = Math.max(highest, ts)
    if (type === 'punctuated') advance(highest - bound)
    if (type === 'marker' && mod(v, m) === 0) advance(ts - 1)
  }
  job.end('s0')
  return job
}

const golden: readonly GoldenProgram[] = readFileSync(
  new URL('../fixtures/dataflow/tumbling-windows.jsonl', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

describe('programs with tumbling windows give what real Flink 2.3.0 gave', () => {
  it.each(golden.map((program) => [program.id, program] as const))('%s', (_, program) => {
    const job = run(program)
    const { mode, rows, wms } = program.expected.sinks.out
    expect(job.watermarks.out!.map((wm) => (wm === Infinity ? 'MAX' : wm))).toEqual(wms)
    const actual = job.arrived.out!.map(({ value, timestampMs, watermarkMs }): GoldenRow => {
      const { k, v, x } = value as Row
      const wm = mode === 'seq' ? (watermarkMs === Number.NEGATIVE_INFINITY ? 'MIN' : watermarkMs) : null
      return [k, v, x, timestampMs!, wm]
    })
    if (mode === 'seq') expect(actual).toEqual(rows)
    else expect(perKey(actual)).toEqual(perKey(rows))
  })

  it('is about all 15 programs', () => {
    expect(golden.length).toBe(15)
  })
})

function perKey(rows: readonly GoldenRow[]): Record<string, GoldenRow[]> {
  return Object.fromEntries(rows.map(([k]) => [k, rows.filter((row) => row[0] === k)]))
}

describe('the window operator', () => {
  it('counts every element once, unless it is late, and leaves neither timers nor contents', () => {
    const elements = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -50, max: 200 })), {
      maxLength: 40,
    })
    fc.assert(
      fc.property(elements, fc.integer({ min: 1, max: 40 }), fc.nat(60), (values, size, bound) => {
        const env = checkpointed()
        const windows = TumblingEventTimeWindows.of(size)
        const strategy = WatermarkStrategy.forBoundedOutOfOrderness(bound)
        env
          .fromSource(
            fromArray(values),
            'in',
            strategy.withTimestampAssigner(([, timestamp]) => timestamp),
          )
          .keyBy(([key]) => key)
          .window(windows)
          .aggregate({ createAccumulator: () => 0, add: (_, n) => n + 1, getResult: (n) => n }, () => ({
            process: (key, { start }, [n], out: Collector<[string, number, number]>) => out.collect([key, start, n!]),
          }))
          .sinkTo(appendLog('out'))
        const job = LocalJob.run(env.jobGraph())

        const expected: Record<string, number> = {}
        let watermark = Number.NEGATIVE_INFINITY
        for (const [key, timestamp] of values) {
          const start = windows.startOf(timestamp)
          if (windows.maxTimestamp(start) > watermark)
            expected[`${key} ${start}`] = (expected[`${key} ${start}`] ?? 0) + 1
          watermark = Math.max(watermark, timestamp - bound - 1)
        }
        const fired = (job.committed().out as [string, number, number][]).map(([key, start, n]) => [
          `${key} ${start}`,
          n,
        ])
        expect(Object.fromEntries(fired)).toEqual(expected)
        expect(fired.length).toBe(Object.keys(expected).length)
        expect(job.pending('event')).toEqual([])
      }),
    )
  })

  it('says what is missing if there is no event time', () => {
    const env = checkpointed()
    env
      .fromSource(generatedSequence({ count: 3 }), 'numbers')
      .keyBy((n) => n % 2)
      .window(TumblingEventTimeWindows.of('1s'))
      .reduce((a, b) => a + b)
      .uid('sums')
      .sinkTo(appendLog('out'))
    expect(() => LocalJob.run(env.jobGraph())).toThrow(
      "window 'sums' needs event time: give fromSource a WatermarkStrategy as its third argument",
    )
  })
})
