/** A program as a job, written with the public API. */
import type { DataStream, KeyedStream, ProcessFunction, StreamExecutionEnvironment } from '../../../src/index.ts'
import { Distinct, LastN, Sorter } from './keyed-nodes.ts'
import { type Entry, keyOf, type Node, type Program, type Row } from './program.ts'
import { recordingSink } from './recording-sink.ts'
import { rollingNode } from './rolling.ts'
import { type BroadcastNode, Rules } from './rules.ts'
import { sourcesOf } from './schedule.ts'
import { script } from './script.ts'
import { statelessNode } from './stateless.ts'
import { TAGS } from './tags.ts'
import { buildWindowNode } from './windows.ts'

interface IntervalJoinNode extends Node {
  readonly lower: number
  readonly upper: number
  readonly lowerExclusive?: boolean
  readonly upperExclusive?: boolean
  readonly late?: boolean
}

/** @param entriesPerSecond how fast the schedule is read, in virtual time: every entry must take effect before the next */
export function buildJob(
  env: StreamExecutionEnvironment,
  program: Program,
  input: readonly Entry[],
  entriesPerSecond: number,
): void {
  env.setParallelism(1)
  const streams = sourcesOf(env, program, input, entriesPerSecond)
  /** Nodes at or behind a keyed one run at the program's parallelism. */
  const parallel = new Set<string>()
  const streamOf = (ref: string): DataStream<Row> => {
    const [id, tag] = ref.split(':') as [string, keyof typeof TAGS | undefined]
    return tag === undefined ? streams.get(id)! : streams.get(id)!.getSideOutput(TAGS[tag])
  }
  for (const node of program.nodes) {
    const inputs = (typeof node.in === 'string' ? [node.in] : node.in).map(streamOf)
    const refs = typeof node.in === 'string' ? [node.in] : node.in
    const keyed = inputs.map((stream) => () => stream.keyBy(keyOf(node.key), 'string'))
    const stateless = statelessNode(node, inputs)
    if (stateless !== undefined && node.op === 'union') {
      streams.set(node.id, stateless)
      continue
    }
    const added = stateless ?? keyedNode(node, inputs, keyed)
    const wide = stateless === undefined || refs.some((ref) => parallel.has(ref.split(':')[0]!))
    if (wide) parallel.add(node.id)
    streams.set(node.id, added.uid(node.id).setParallelism(widthOf(node, wide, program)))
  }
  for (const sink of program.sinks)
    streamOf(sink.in).sinkTo(recordingSink(sink.id)).uid(`${sink.id}-sink`).setParallelism(1)
}
const widthOf = (node: Node, wide: boolean, program: Program): number =>
  wide && node.op !== 'windowAll' ? program.parallelism : 1

type KeyBy = () => KeyedStream<Row, string>
function keyedNode(node: Node, inputs: readonly DataStream<Row>[], keyed: readonly KeyBy[]): DataStream<Row> {
  const process = (factory: () => ProcessFunction<Row, Row, string>): DataStream<Row> => keyed[0]!().process(factory)
  switch (node.op) {
    case 'script':
      return process(script(node))
    case 'coScript':
      return keyed[0]!().connect(keyed[1]!()).process(script(node))
    case 'distinct':
      return process(() => new Distinct())
    case 'lastN':
      return process(() => new LastN((node as Node & { n: number }).n))
    case 'sorter':
      return process(() => new Sorter())
    case 'broadcast':
      return keyed[0]!()
        .connect(inputs[1]!.asBroadcast())
        .process(() => new Rules(node as BroadcastNode))
    case 'intervalJoin':
      return intervalJoin(node as IntervalJoinNode, keyed[0]!(), keyed[1]!())
    case 'reduce':
    case 'agg':
      return rollingNode(node, keyed[0]!())
    default:
      return buildWindowNode(node, inputs, keyOf(node.key))
  }
}

function intervalJoin(
  { lower, upper, lowerExclusive, upperExclusive, late }: IntervalJoinNode,
  left: KeyedStream<Row, string>,
  right: KeyedStream<Row, string>,
): DataStream<Row> {
  let joined = left.intervalJoin(right).between(lower, upper)
  if (lowerExclusive) joined = joined.lowerBoundExclusive()
  if (upperExclusive) joined = joined.upperBoundExclusive()
  if (late) joined = joined.sideOutputLeftLateData(TAGS.lateLeft).sideOutputRightLateData(TAGS.lateRight)
  return joined.process<Row>(() => ({
    processElement(l, r, context, out) {
      const x = `${l.v}|${r.v}:${context.leftTimestamp()}|${context.rightTimestamp()}`
      out.collect({ k: l.k, v: l.v + r.v, x })
    },
  }))
}
