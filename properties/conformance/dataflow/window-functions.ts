/** What the windows of the programs do with their elements. */
import {
  type AggregateFunction,
  type AllWindowedStream,
  type DataStream,
  type ProcessAllWindowFunction,
  type ProcessWindowContext,
  type ProcessWindowFunction,
  TimeWindow,
  valueState,
  type Window,
  type WindowedStream,
} from '../../../src/index.ts'
import { type Combine, reduceOf } from './combine.ts'
import { type Row, written } from './program.ts'

type Statistic = 'sum' | 'count' | 'min' | 'max' | 'avg' | 'range'
export type Listing = 'arrival' | 'sorted' | 'none'
export type FunctionSpec =
  | { readonly type: 'reduce' | 'reduceW'; readonly f: Combine }
  | { readonly type: 'aggregate'; readonly f: Statistic }
  | { readonly type: 'process'; readonly list: Listing }
  | { readonly type: 'stateful' }
  | { readonly type: 'sum' | 'min' | 'max' }
  | { readonly type: 'minBy' | 'maxBy'; readonly first: boolean }

/** Makes the row of a firing. */
interface RowFunction<In> {
  row(k: string, context: ProcessWindowContext<Window>, elements: readonly In[]): Row
  clear?(context: ProcessWindowContext<Window>): void
}
/** As the stream takes it. */
type Adapter = <In>(make: () => RowFunction<In>) => () => ProcessWindowFunction<In, Row, string, Window>

export const appliedToKeyed = (stream: WindowedStream<Row, string, Window>, fn: FunctionSpec): DataStream<Row> =>
  applied(stream, fn, (make) => () => {
    const made = make()
    return {
      process: (k, context, elements, out) => out.collect(made.row(k, context, elements)),
      clear: (context) => made.clear?.(context),
    }
  })

/** Both kinds of windowed streams have the same methods; the functions of this one see no key. */
export const appliedToAll = (stream: AllWindowedStream<Row, Window>, fn: FunctionSpec): DataStream<Row> =>
  applied(stream as unknown as WindowedStream<Row, string, Window>, fn, <In>(make: () => RowFunction<In>) => {
    const factory = (): ProcessAllWindowFunction<In, Row, Window> => {
      const made = make()
      return {
        process: (context, elements, out) => out.collect(made.row('*', context, elements)),
        clear: (context) => made.clear?.(context),
      }
    }
    return factory as unknown as () => ProcessWindowFunction<In, Row, string, Window>
  })

function applied(stream: WindowedStream<Row, string, Window>, fn: FunctionSpec, adapted: Adapter): DataStream<Row> {
  switch (fn.type) {
    case 'reduce':
      return stream.reduce(reduceOf(fn.f))
    case 'reduceW':
      return stream.reduce(
        reduceOf(fn.f),
        adapted<Row>(() => ({ row: (k, context, [row]) => ({ k, v: row!.v, x: spanOf(context) }) })),
      )
    case 'aggregate':
      return stream.aggregate(
        statistic(fn.f),
        adapted<number>(() => ({ row: (k, context, [v]) => ({ k, v: v!, x: spanOf(context) }) })),
      )
    case 'process':
      return stream.process(adapted(() => new Listed(fn.list)))
    case 'stateful':
      return stream.process(adapted(() => new Stateful()))
    case 'minBy':
    case 'maxBy':
      return stream[fn.type]('v', fn.first)
    default:
      return stream[fn.type]('v')
  }
}

class Listed implements RowFunction<Row> {
  readonly #list: Listing
  constructor(list: Listing) {
    this.#list = list
  }
  row(k: string, context: ProcessWindowContext<Window>, elements: readonly Row[]): Row {
    const listed = this.#list === 'none' ? '' : `:${listedValues(elements, this.#list)}`
    return { k, v: sumOf(elements), x: `${spanOf(context)}:${elements.length}${listed}` }
  }
}

const FIRINGS = valueState('firings', 0)

class Stateful implements RowFunction<Row> {
  row(k: string, context: ProcessWindowContext<Window>, elements: readonly Row[]): Row {
    const [ofWindow, ofKey] = [context.windowState(), context.globalState()].map((store) => {
      const firings = store.getState(FIRINGS)
      firings.update(firings.value()! + 1)
      return firings.value()
    })
    const wm = written(context.currentWatermark())
    return { k, v: sumOf(elements), x: `${spanOf(context)}:${elements.length}:${ofWindow}:${ofKey}:${wm}` }
  }
  clear(context: ProcessWindowContext<Window>): void {
    context.windowState().getState(FIRINGS).clear()
  }
}

function spanOf(context: ProcessWindowContext<Window>): string {
  const window = context.window()
  return window instanceof TimeWindow ? `${window.start}:${window.end}` : 'G'
}

export const sumOf = (rows: readonly Row[]): number => rows.reduce((sum, { v }) => sum + v, 0)

/** The values, with commas. */
export function listedValues(rows: readonly Row[], list: Listing): string {
  const values = rows.map(({ v }) => v)
  return (list === 'sorted' ? values.sort((a, b) => a - b) : values).join(',')
}

interface Summary {
  readonly sum: number
  readonly count: number
  readonly min: number
  readonly max: number
}
const RESULTS: Readonly<Record<Statistic, (summary: Summary) => number>> = {
  sum: ({ sum }) => sum,
  count: ({ count }) => count,
  min: ({ min }) => min,
  max: ({ max }) => max,
  avg: ({ sum, count }) => Math.floor(sum / count),
  range: ({ min, max }) => max - min,
}

const statistic = (f: Statistic): AggregateFunction<Row, Summary, number> => ({
  createAccumulator: () => ({ sum: 0, count: 0, min: Infinity, max: -Infinity }),
  add: ({ v }, { sum, count, min, max }) => ({
    sum: sum + v,
    count: count + 1,
    min: Math.min(min, v),
    max: Math.max(max, v),
  }),
  merge: (a, b) => ({
    sum: a.sum + b.sum,
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  }),
  getResult: RESULTS[f],
})
