/** Nodes with windows: `window`, `windowAll`, `countWindow`, `windowJoin`, `coGroup`. */
import type { DataStream, TaggedUnion } from '../../../src/index.ts'
import { leastName } from './combine.ts'
import type { Node, Row } from './program.ts'
import { TAGS } from './tags.ts'
import {
  appliedToAll,
  appliedToKeyed,
  type FunctionSpec,
  type Listing,
  listedValues,
  sumOf,
} from './window-functions.ts'
import { assignerOf, type WindowSettings, withSettings } from './window-settings.ts'

interface WindowNode extends Node, WindowSettings {
  readonly fn: FunctionSpec
  readonly late?: boolean
}
interface CountWindowNode extends Node {
  readonly size: number
  readonly slide?: number
  readonly fn: FunctionSpec
}
interface PairNode extends Node, WindowSettings {
  readonly list: Listing
}
type Pair = TaggedUnion<Row, Row>

export function buildWindowNode(
  node: Node,
  inputs: readonly DataStream<Row>[],
  key: (row: Row) => string,
): DataStream<Row> {
  const [first, second] = inputs as [DataStream<Row>, DataStream<Row>]
  switch (node.op) {
    case 'window':
      return keyedWindow(node as WindowNode, first, key)
    case 'windowAll':
      return windowAll(node as WindowNode, first)
    case 'countWindow': {
      const { size, slide, fn } = node as CountWindowNode
      return appliedToKeyed(first.keyBy(key, 'string').countWindow(size, slide), fn)
    }
    case 'windowJoin':
      return windowJoin(node as PairNode, first, second, key)
    case 'coGroup':
      return coGroup(node as PairNode, first, second, key)
    default:
      throw new Error(`unknown node ${node.op}`)
  }
}

const vOf = ({ v }: Row): number => v
const vOfPair = (pair: Pair): number => ('one' in pair ? pair.one : pair.two).v

function keyedWindow(node: WindowNode, stream: DataStream<Row>, key: (row: Row) => string): DataStream<Row> {
  const windowed = stream.keyBy(key, 'string').window(assignerOf(node.assigner, vOf))
  if (node.late === true) windowed.sideOutputLateData(TAGS.late)
  return appliedToKeyed(withSettings(windowed, node, vOf), node.fn)
}

function windowAll(node: WindowNode, stream: DataStream<Row>): DataStream<Row> {
  const windowed = stream.windowAll(assignerOf(node.assigner, vOf))
  if (node.late === true) windowed.sideOutputLateData(TAGS.late)
  return appliedToAll(withSettings(windowed, node, vOf), node.fn)
}

function windowJoin(
  node: PairNode,
  left: DataStream<Row>,
  right: DataStream<Row>,
  key: (row: Row) => string,
): DataStream<Row> {
  const joined = left.join(right).where(key, 'string').equalTo(key).window(assignerOf(node.assigner, vOfPair))
  return withSettings(joined, node, vOfPair).apply((l, r) => ({ k: l.k, v: l.v + r.v, x: `${l.v}|${r.v}` }))
}

function coGroup(
  node: PairNode,
  left: DataStream<Row>,
  right: DataStream<Row>,
  key: (row: Row) => string,
): DataStream<Row> {
  const grouped = left.coGroup(right).where(key, 'string').equalTo(key).window(assignerOf(node.assigner, vOfPair))
  return withSettings(grouped, node, vOfPair).apply<Row>((ls, rs, out) => {
    out.collect({
      k: leastName([...ls, ...rs].map(({ k }) => k)),
      v: sumOf(ls) - sumOf(rs),
      x: `${listedValues(ls, node.list)}|${listedValues(rs, node.list)}`,
    })
  })
}
