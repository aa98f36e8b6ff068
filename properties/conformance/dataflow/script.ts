/** Nodes `script` and `coScript`: little programs over registers and event-time timers. */
import {
  type Collector,
  type CoProcessFunction,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  type ValueState,
  valueState,
} from '../../../src/index.ts'
import { mod, type Node, type Row, written } from './program.ts'
import { TAGS } from './tags.ts'

type Expression = number | string | readonly [op: string, a: Expression, b: Expression]
type Condition = readonly [what: string, ...operands: unknown[]]
type Action = readonly [what: string, ...operands: unknown[]]
export interface ScriptNode extends Node {
  readonly onElement?: readonly Action[]
  readonly onElement1?: readonly Action[]
  readonly onElement2?: readonly Action[]
  readonly onTimer?: readonly Action[]
}

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  mod,
  min: Math.min,
  max: Math.max,
  floor: (a, g) => a - mod(a, g),
}
const BUILT_IN = ['v', 'ts', 'wm']

/** Names of the registers that actions use. */
function registersIn(actions: unknown, into: Set<string>): void {
  if (!Array.isArray(actions)) return
  const [what, first] = actions as readonly unknown[]
  if ((what === 'set' || what === 'clear' || what === 'has') && typeof first === 'string') into.add(first)
  for (const part of actions) registersIn(part, into)
}

class Script implements ProcessFunction<Row, Row, string>, CoProcessFunction<Row, Row, Row, string> {
  readonly #node: ScriptNode
  readonly #registers = new Map<string, ValueState<number>>()
  #context!: ProcessContext<string>
  #out!: Collector<Row>
  #v = 0
  #ts = 0

  constructor(node: ScriptNode) {
    this.#node = node
  }
  open(context: RuntimeContext): void {
    const names = new Set<string>()
    const { onElement, onElement1, onElement2, onTimer } = this.#node
    registersIn([onElement, onElement1, onElement2, onTimer], names)
    for (const name of names) this.#registers.set(name, context.getState(valueState<number>(name)))
  }
  processElement(row: Row, context: ProcessContext<string>, out: Collector<Row>): void {
    this.#run(this.#node.onElement, row.v, context.timestamp()!, context, out)
  }
  processElement1(row: Row, context: ProcessContext<string>, out: Collector<Row>): void {
    this.#run(this.#node.onElement1, row.v, context.timestamp()!, context, out)
  }
  processElement2(row: Row, context: ProcessContext<string>, out: Collector<Row>): void {
    this.#run(this.#node.onElement2, row.v, context.timestamp()!, context, out)
  }
  onTimer(timestampMs: number, context: ProcessContext<string>, out: Collector<Row>): void {
    this.#run(this.#node.onTimer, 0, timestampMs, context, out)
  }
  #run(
    actions: readonly Action[] | undefined,
    v: number,
    ts: number,
    context: ProcessContext<string>,
    out: Collector<Row>,
  ): void {
    this.#v = v
    this.#ts = ts
    this.#context = context
    this.#out = out
    this.#all(actions ?? [])
  }
  #all(actions: readonly Action[]): void {
    for (const action of actions) this.#act(action)
  }
  #act([what, ...operands]: Action): void {
    const timers = this.#context.timerService()
    switch (what) {
      case 'set':
        this.#registers.get(operands[0] as string)!.update(this.#value(operands[1] as Expression))
        break
      case 'clear':
        this.#registers.get(operands[0] as string)!.clear()
        break
      case 'timer':
        timers.registerEventTimeTimer(this.#value(operands[0] as Expression))
        break
      case 'del':
        timers.deleteEventTimeTimer(this.#value(operands[0] as Expression))
        break
      case 'emit':
        this.#out.collect(this.#row(operands))
        break
      case 'side':
        this.#context.output(TAGS.side, this.#row(operands))
        break
      case 'if':
        this.#all((this.#holds(operands[0] as Condition) ? operands[1] : (operands[2] ?? [])) as readonly Action[])
        break
      default:
        throw new Error(`unknown action ${what}`)
    }
  }
  #row([value, tag, ...more]: readonly unknown[]): Row {
    const values = more.map((e) => written(this.#value(e as Expression)))
    const x = tag === undefined ? null : values.length === 0 ? (tag as string) : `${tag}:${values.join(',')}`
    return { k: this.#context.getCurrentKey(), v: this.#value(value as Expression), x }
  }
  #value(expression: Expression): number {
    if (typeof expression === 'number') return expression
    if (typeof expression === 'string') {
      if (!BUILT_IN.includes(expression)) return this.#registers.get(expression)?.value() ?? 0
      return expression === 'v'
        ? this.#v
        : expression === 'ts'
          ? this.#ts
          : this.#context.timerService().currentWatermark()
    }
    const [op, a, b] = expression
    // no -0: the programs know integers
    return OPERATORS[op]!(this.#value(a), this.#value(b)) + 0
  }
  #holds([what, ...operands]: Condition): boolean {
    const [a, b] = operands as readonly Expression[]
    switch (what) {
      case 'has':
        return this.#registers.get(operands[0] as string)?.value() !== undefined
      case 'late':
        return this.#ts <= this.#context.timerService().currentWatermark()
      case 'not':
        return !this.#holds(operands[0] as Condition)
      case '<':
        return this.#value(a!) < this.#value(b!)
      case '<=':
        return this.#value(a!) <= this.#value(b!)
      case '==':
        return this.#value(a!) === this.#value(b!)
      default:
        throw new Error(`unknown condition ${what}`)
    }
  }
}
export const script = (node: ScriptNode) => (): Script => new Script(node)
