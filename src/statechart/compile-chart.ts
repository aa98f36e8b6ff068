import { type AskedTrees, askTrees } from './ask-xstate.ts'
import type { Chart } from './chart.ts'
import type { ChartEvent } from './chart-event.ts'
import { checkEntity } from './check-entity.ts'
import type { DecisionTree, Timer } from './decision-tree.ts'
import { generatedSend } from './generated-send.ts'
import { nearest } from './nearest.ts'
import { checkOverrides, type Overrides } from './overrides.ts'
import { listed, refusal } from './refusal.ts'
import { sendFaults } from './send.ts'
import { tableSend } from './table-send.ts'

/** A chart as the loop runs it: for each (leaf, event) what XState does, found by asking XState. */
export interface CompiledChart<E> {
  readonly name: string
  /** The paths of the leaves, `running.aligning`, by index. */
  readonly leaves: readonly string[]
  /** The index of each leaf: what the entity's field holds. */
  readonly leaf: Readonly<Record<string, number>>
  /** The declared events, then one for each timer, by code. */
  readonly events: readonly string[]
  /** The delayed transitions' clocks, by timer index; timer `i` sends the code `declared events + i`. */
  readonly timers: readonly Timer[]
  /** The leaf `boot`: what the entity's field holds before START. */
  readonly initialLeaf: number
  /**
   * Handles one event: guards, exit, transition and entry actions in XState's order, then the new leaf. The leaf is
   * written after all actions, and only if it changes; until then they read the old one. The event's operands are the
   * same for everything that happens, also for `always` and `onDone`.
   *
   * @returns false if the event is unexpected: neither the state nor an ancestor mentions it, or the chart has ended in
   *   a final state of the root. XState would still ask the `always` guards; nothing has changed since they last said
   *   no, so they are not asked.
   * @throws if `code` is none of the chart's, the field holds no leaf, or an action changed the field.
   */
  send(self: E, code: number, event: ChartEvent): boolean
  /** Whether the entity is in the state of this path or in one below it. @throws if there is no such state. */
  matches(self: E, prefix: string): boolean
  /** What XState does on an event in a leaf, or null if it is unexpected there. */
  tree(leaf: number, code: number): DecisionTree | null
  /**
   * Checks that an entity has what the chart names: methods, delays, timer operations and the field; and that no guard
   * of an `always` transition takes the event. For once, when an entity is registered.
   * @throws naming the member that is missing.
   */
  check(self: E): void
}

/** How a compiled chart is run. Both do the same; `generated` needs permission to compile code and is faster. */
export type Dispatch = 'table' | 'generated'

/**
 * Compiles a chart by asking XState, with the entity's methods or, for a mutant, with what replaces them.
 * @throws if an override's name is not used by the chart, or if an event can go on for ever.
 */
export function compileChart<E, X extends string>(
  chart: Chart<E, X>,
  overrides: Overrides<E> = {},
  dispatch: Dispatch = 'table',
): CompiledChart<E> {
  checkOverrides(chart, overrides)
  const { name, field } = chart
  const asked = askTrees(chart)
  const { leaves, events, timers, initialLeaf, trees } = asked
  const source = { chart: name, field, trees, overrides, faults: sendFaults(name, field, leaves, events) }
  const below = leavesBelow(asked)
  return {
    name,
    leaves,
    leaf: Object.fromEntries(leaves.map((path, index) => [path, index])),
    events,
    timers,
    initialLeaf,
    send: dispatch === 'table' ? tableSend(source) : generatedSend(source),
    matches(self, prefix) {
      const members = below.get(prefix)
      if (members === undefined) {
        const meant = nearest(prefix, below.keys())
        throw refusal(
          name,
          `matches '${prefix}'`,
          `no such state; ${meant === null ? '' : `did you mean '${meant}'? `}it has ${listed(below.keys())}`,
        )
      }
      return members[(self as Record<string, number>)[field] ?? -1] === 1
    },
    tree(leaf, code) {
      const tree = trees[leaf]?.[code]
      if (tree === undefined) {
        throw refusal(
          name,
          '',
          `there are ${leaves.length} leaves and ${events.length} events; got leaf ${leaf}, code ${code}`,
        )
      }
      return tree
    },
    check: (self) => checkEntity(chart, timers.length > 0, overrides, self),
  }
}

/** For each state's path, which leaves are it or below it: 1 at their indices. */
function leavesBelow({ leaves }: AskedTrees): Map<string, Uint8Array> {
  const below = new Map<string, Uint8Array>()
  leaves.forEach((path, leaf) => {
    const keys = path.split('.')
    keys.forEach((_, depth) => {
      const prefix = keys.slice(0, depth + 1).join('.')
      const members = below.get(prefix) ?? new Uint8Array(leaves.length)
      members[leaf] = 1
      below.set(prefix, members)
    })
  })
  return below
}
