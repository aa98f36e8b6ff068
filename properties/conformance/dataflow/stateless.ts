/** Nodes without state. */
import { type DataStream, type ProcessFunction, type WatermarkOutput, WatermarkStrategy } from '../../../src/index.ts'
import { mod, type Node, type Row } from './program.ts'
import { TAGS } from './tags.ts'

/** Which of these fields there are depends on `op`. */
interface StatelessNode extends Node {
  readonly a: number
  readonly b: number
  readonly a1: number
  readonly b1: number
  readonly a2: number
  readonly b2: number
  readonly m: number
  readonly r: number
  readonly n: number
  readonly not?: boolean
  readonly mode: 'copies' | 'vcopies' | 'split'
  readonly mul: number
  readonly bound: number
}

/** The node as a stream; undefined if it is none of these. */
export function statelessNode(node: Node, inputs: readonly DataStream<Row>[]): DataStream<Row> | undefined {
  const { a, b, a1, b1, a2, b2, m, r, not = false, ...rest } = node as StatelessNode
  const first = inputs[0]!
  switch (node.op) {
    case 'map':
      return first.map((row) => ({ ...row, v: row.v * a + b + 0 }))
    case 'filter':
      return first.filter((row) => (mod(row.v, m) === r) !== not)
    case 'rekey':
      return first.map((row) => ({ ...row, k: `m${mod(row.v, m)}` }))
    case 'flatMap':
      return first.flatMap((row) => copiesOf(row, rest.mode, rest.n))
    case 'union':
      return first.union(...inputs.slice(1))
    case 'coMap':
      return first.connect(inputs[1]!).map<Row>(
        ({ k, v }) => ({ k, v: v * a1 + b1 + 0, x: '1' }),
        ({ k, v }) => ({ k, v: v * a2 + b2 + 0, x: '2' }),
      )
    case 'split':
      return first.process(
        (): ProcessFunction<Row, Row> => ({
          processElement(row, context, out) {
            if (mod(row.v, m) === r) context.output(TAGS.side, row)
            else out.collect(row)
          },
        }),
      )
    case 'assign':
      return assign(first, rest.mul, m, rest.bound)
    default:
      return undefined
  }
}

function copiesOf(row: Row, mode: StatelessNode['mode'], n: number): Row[] {
  if (mode === 'split') return [...String(Math.abs(row.v))].map((digit) => ({ ...row, v: Number(digit) }))
  if (mode === 'copies') return Array.from({ length: n }, (_, i) => ({ ...row, v: row.v + i }))
  return Array.from({ length: mod(row.v, n) }, () => row)
}

function assign(stream: DataStream<Row>, mul: number, m: number, bound: number): DataStream<Row> {
  const strategy = WatermarkStrategy.forGenerator(() => {
    let highest = Number.NEGATIVE_INFINITY
    return {
      onEvent(_row: unknown, timestampMs: number, output: WatermarkOutput) {
        highest = Math.max(highest, timestampMs)
        output.emitWatermark(highest - bound)
      },
      onPeriodicEmit() {},
    }
  })
  return stream.assignTimestampsAndWatermarks(
    strategy.withTimestampAssigner<Row>((row, timestampMs) => timestampMs + mul * mod(row.v, m)),
  )
}
