/** Node `broadcast`: data by key, rules to everybody. */
import {
  type BroadcastContext,
  type BroadcastProcessFunction,
  type Collector,
  mapState,
  type ReadOnlyBroadcastContext,
  type RuntimeContext,
  type ValueState,
  valueState,
} from '../../../src/index.ts'
import { type Node, type Row, written } from './program.ts'

export interface BroadcastNode extends Node {
  readonly variant: 'match' | 'timer' | 'applyAll'
  readonly d?: number
}
const RULES = mapState<string, number>('rules')
const COUNTER = valueState<number>('counter')

export class Rules implements BroadcastProcessFunction<Row, Row, Row, string> {
  readonly #node: BroadcastNode
  #counter!: ValueState<number>
  constructor(node: BroadcastNode) {
    this.#node = node
  }
  open(context: RuntimeContext): void {
    this.#counter = context.getState(COUNTER)
  }
  processElement({ v }: Row, context: ReadOnlyBroadcastContext<string>, out: Collector<Row>): void {
    this.#counter.update((this.#counter.value() ?? 0) + 1)
    const k = context.getCurrentKey()
    if (this.#node.variant === 'timer')
      context.timerService().registerEventTimeTimer(context.timestamp()! + this.#node.d!)
    if (this.#node.variant !== 'match') return
    const rules = context.getBroadcastState(RULES)
    if (rules.isEmpty()) out.collect({ k, v, x: 'norule' })
    for (const [name, threshold] of rules.entries()) if (v >= threshold) out.collect({ k, v: v - threshold, x: name })
  }
  processBroadcastElement({ k, v }: Row, context: BroadcastContext<string>, out: Collector<Row>): void {
    const rules = context.getBroadcastState(RULES)
    if (v < 0) rules.remove(k)
    else rules.put(k, v)
    if (this.#node.variant !== 'applyAll') return
    context.applyToKeyedState(COUNTER, (key) => out.collect({ k: key, v: this.#counter.value()!, x: `all:${k}` }))
  }
  onTimer(_ts: number, context: ReadOnlyBroadcastContext<string>, out: Collector<Row>): void {
    const rules = context.getBroadcastState(RULES).entries()
    const sum = rules.reduce((a, [, threshold]) => a + threshold, 0)
    const watermark = written(context.timerService().currentWatermark())
    out.collect({ k: context.getCurrentKey(), v: sum, x: `t:${rules.length}:${watermark}` })
  }
}
