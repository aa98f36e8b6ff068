import type { DataStream } from '../../../src/index.ts'
import type { Node, Row } from './program.ts'

export function buildWindowNode(
  node: Node,
  _inputs: readonly DataStream<Row>[],
  _key: (row: Row) => string,
): DataStream<Row> {
  throw new Error(`node ${node.op} is not built yet`)
}
