import type { DataStream, KeyedStream } from '../../../src/index.ts'
import type { Node, Row } from './program.ts'

export function rollingNode(node: Node, _keyed: KeyedStream<Row, string>): DataStream<Row> {
  throw new Error(`node ${node.op} is not built yet`)
}
