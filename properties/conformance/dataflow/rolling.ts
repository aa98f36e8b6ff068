/** Nodes `reduce` and `agg`. */
import type { DataStream, KeyedStream } from '../../../src/index.ts'
import { type Combine, reduceOf } from './combine.ts'
import type { Node, Row } from './program.ts'

export type Aggregation =
  | { readonly kind: 'sum' | 'min' | 'max' }
  | { readonly kind: 'minBy' | 'maxBy'; readonly first: boolean }
type RollingNode = Node &
  (({ readonly op: 'reduce' } & { readonly f: Combine }) | ({ readonly op: 'agg' } & Aggregation))

export function rollingNode(node: Node, keyed: KeyedStream<Row, string>): DataStream<Row> {
  const rolling = node as RollingNode
  if (rolling.op === 'reduce') return keyed.reduce(reduceOf(rolling.f))
  if (rolling.kind === 'minBy' || rolling.kind === 'maxBy') return keyed[rolling.kind]('v', rolling.first)
  return keyed[rolling.kind]('v')
}
