import type { ChartEvent } from './chart-event.ts'
import type { DecisionTree, Operation } from './decision-tree.ts'
import { delayUs } from './delay-us.ts'
import type { Overrides } from './overrides.ts'
import type { Send, SendFaults } from './send.ts'
import type { TimerHost } from './timer-host.ts'

/** What a chart's dispatch is made from. */
export interface DispatchSource<E> {
  readonly chart: string
  readonly field: string
  readonly trees: readonly (readonly (DecisionTree | null)[])[]
  readonly overrides: Overrides<E>
  readonly faults: SendFaults
}

// Instructions and their operands. The order is that of frequency.
const ACT = 0 // method
const ASK = 1 // method, where to go on a no; on a yes behind it
const REST = 2
const MOVE = 3 // leaf
const DISARM = 4 // timer
const ARM = 5 // timer, microseconds
const ARM_BY = 6 // timer, member
const CALL = 7 // function that stands in for an action
const ASK_BY = 8 // function that stands in for a guard, where to go on a no

type Operand = number | string | Overridden
type Overridden = (self: unknown, event: ChartEvent) => unknown
type Method = (event: ChartEvent) => unknown

/**
 * Interprets the trees, laid out as one flat program: operands stand behind their instruction, the yes branch behind its
 * question, and a table says where each (leaf, event) begins. It allocates nothing. See bench/statechart.bench.ts for
 * this form against closures, generated code and XState itself.
 */
export function tableSend<E>(source: DispatchSource<E>): Send<E> {
  const { chart, field, faults } = source
  const { program, entries, width } = layOut(source)
  return (self, code, event) => {
    if (code >>> 0 >= width) throw faults.code(code)
    const entity = self as Record<string, unknown>
    const leaf = entity[field] as number
    let at = entries[leaf * width + code] as number
    if (at < 0) return false
    for (;;) {
      switch (program[at]) {
        case ACT:
          ;(entity[program[at + 1] as string] as Method)(event) // parentheses keep `this`
          at += 2
          break
        case ASK:
          at = (entity[program[at + 1] as string] as Method)(event) ? at + 3 : (program[at + 2] as number)
          break
        case REST:
          return true
        case MOVE: {
          if (entity[field] !== leaf) throw faults.meddled(leaf, entity[field])
          entity[field] = program[at + 1]
          return true
        }
        case DISARM:
          ;(self as TimerHost).disarmTimer(program[at + 1] as number)
          at += 2
          break
        case ARM:
          ;(self as TimerHost).armTimer(program[at + 1] as number, program[at + 2] as number)
          at += 3
          break
        case ARM_BY:
          ;(self as TimerHost).armTimer(
            program[at + 1] as number,
            delayUs(chart, entity, program[at + 2] as string, event),
          )
          at += 3
          break
        case CALL:
          ;(program[at + 1] as Overridden)(self, event)
          at += 2
          break
        case ASK_BY:
          at = (program[at + 1] as Overridden)(self, event) ? at + 3 : (program[at + 2] as number)
          break
        default:
          throw faults.leaf(leaf)
      }
    }
  }
}

function layOut<E>({ trees, overrides }: DispatchSource<E>) {
  const program: Operand[] = []
  const operate = (operation: Operation) => {
    if (operation.kind === 'disarm') program.push(DISARM, operation.timer)
    else if (operation.kind === 'arm') {
      program.push(typeof operation.delay === 'number' ? ARM : ARM_BY, operation.timer, operation.delay)
    } else {
      const override = overrides.actions?.[operation.name]
      if (override === undefined) program.push(ACT, operation.name)
      else program.push(CALL, override as Overridden)
    }
  }
  const append = (tree: DecisionTree, from: number) => {
    for (const operation of tree.operations) operate(operation)
    if ('guard' in tree) {
      const override = overrides.guards?.[tree.guard]
      if (override === undefined) program.push(ASK, tree.guard)
      else program.push(ASK_BY, override as Overridden)
      const no = program.push(-1) - 1
      append(tree.yes, from)
      program[no] = program.length
      append(tree.no, from)
    } else if (tree.leaf === from) program.push(REST)
    else program.push(MOVE, tree.leaf)
  }
  const width = trees[0]?.length ?? 0
  const entries = new Int32Array(trees.length * width).fill(-1)
  trees.forEach((row, leaf) => {
    row.forEach((tree, code) => {
      if (tree === null) return
      entries[leaf * width + code] = program.length
      append(tree, leaf)
    })
  })
  return { program, entries, width }
}
