/**
 * XState's semantics are not written again here: XState is asked.
 *
 * For each leaf and each event that the leaf or an ancestor mentions, a real actor is restored in that leaf and sent the
 * event. Its actions only write down that they ran, and its guards answer from a script; when a guard is asked for which
 * the script has no answer, it says no, and later runs explore the yes. The notes of all runs make one tree:
 *
 *         operations ──▶ guard? ─ no ──▶ operations ──▶ rest in leaf 2
 *                           └── yes ──▶ operations ──▶ guard? ─ …
 *
 * This is right because a chart depends on nothing but its leaf, the event and what its guards answer, which
 * check-rules.ts makes sure of: no history, no context of its own, no parallel regions, no actors.
 */
import { type AnyMachineSnapshot, type AnyStateNode, createActor, type InspectionEvent } from 'xstate'
import type { AnyChart } from './chart.ts'
import type { DecisionTree, Operation, Timer } from './decision-tree.ts'
import { refusal } from './refusal.ts'

/** More questions than this after one event mean a cycle of `always` transitions. */
const MAX_QUESTIONS = 32
/** More ways than this through one event are not worth a table. */
const MAX_PATHS = 4096

/** All that XState answered about a chart. */
export interface AskedTrees {
  /** The paths of the leaves (`running.aligning`), in document order. */
  readonly leaves: readonly string[]
  readonly timers: readonly Timer[]
  /** The declared events, then one for each timer. */
  readonly events: readonly string[]
  readonly initialLeaf: number
  /** By leaf and event; null where the event is unexpected. */
  readonly trees: readonly (readonly (DecisionTree | null)[])[]
}

/** What happened up to the next question, or up to rest (`guard` is null). */
interface Segment {
  readonly operations: Operation[]
  guard: string | null
}
interface Run {
  readonly segments: readonly Segment[]
  readonly leaf: number
}

// Mutants are one chart compiled many times: what replaces guards and actions does not change the trees.
const answered = new WeakMap<AnyChart, AskedTrees>()

/**
 * Asks XState for the trees of a chart, once; a few milliseconds for a chart of ten states.
 * @throws if an event can go on for ever (a cycle of `always` or `onDone` transitions).
 */
export function askTrees(chart: AnyChart): AskedTrees {
  const known = answered.get(chart)
  if (known !== undefined) return known
  const trees = ask(chart)
  answered.set(chart, trees)
  return trees
}

function ask(chart: AnyChart): AskedTrees {
  const nodes = leavesBelow(chart.machine.root)
  const leaves = nodes.map((node) => node.path.join('.'))
  const clocks = timersBelow(chart.machine.root)
  const types = [...chart.events, ...clocks.map((clock) => clock.type)]
  const events = [...chart.events, ...clocks.map(({ timer }) => `${timer.state} after ${timer.delay}`)]
  const run = interrogator(chart, leaves, clocks)

  const trees = nodes.map((node, leaf) => {
    const snapshot = chart.machine.resolveState({ value: stateValue(node.path), context: {} })
    return types.map((type, code) => {
      if (!expects(node, type)) return null
      const place = `${leaves[leaf]} on ${events[code]}`
      let paths = 0
      const explore = (answers: readonly boolean[], known?: Run): DecisionTree => {
        if (answers.length > MAX_QUESTIONS) {
          throw refusal(
            chart.name,
            place,
            `more than ${MAX_QUESTIONS} guards are asked: break the cycle of always transitions`,
          )
        }
        if (known === undefined && ++paths > MAX_PATHS) {
          throw refusal(chart.name, place, `there are more than ${MAX_PATHS} ways through its guards; split the chart`)
        }
        const { segments, leaf } = known ?? run(snapshot, type, answers, place)
        const segment = segments[answers.length] as Segment
        const { operations, guard } = segment
        if (guard === null) return { operations, leaf }
        // The run has said no to this question, so its rest is the no branch.
        const no = explore([...answers, false], { segments, leaf })
        return { operations, guard, yes: explore([...answers, true]), no }
      }
      return explore([])
    })
  })
  return { leaves, timers: clocks.map((clock) => clock.timer), events, initialLeaf: leaves.indexOf('boot'), trees }
}

/** A function that sends one event to an actor restored from a snapshot and notes what it does. */
function interrogator(chart: AnyChart, leaves: readonly string[], clocks: readonly Clock[]) {
  let script: readonly boolean[] = []
  let asked = 0
  let segments: Segment[] = []
  const note = (operation: Operation) => segments[segments.length - 1]?.operations.push(operation)
  const machine = chart.machine.provide({
    guards: toRecord(chart.guards, (guard) => () => {
      const segment = segments[segments.length - 1] as Segment
      segment.guard = guard
      segments.push({ operations: [], guard: null })
      return script[asked++] ?? false
    }),
    actions: toRecord(chart.actions, (name) => () => note({ kind: 'action', name })),
    // Any number: XState then arms a timer, and which one it is tells the delay.
    delays: toRecord(chart.delays, () => 1),
  })
  const inspect = (inspected: InspectionEvent) => {
    if (inspected.type !== '@xstate.action') return
    const { type, params } = inspected.action
    const id =
      type === 'xstate.raise' ? (params as { id: string }).id : (params as { sendId?: string } | undefined)?.sendId
    const timer = clocks.findIndex((clock) => clock.type === id)
    if (type === 'xstate.raise') note({ kind: 'arm', timer, delay: (clocks[timer] as Clock).timer.delay })
    else if (type === 'xstate.cancel') note({ kind: 'disarm', timer })
  }
  // The actor's own timers must not run: the notes are all that is wanted.
  const clock = { setTimeout: () => 0, clearTimeout: () => {} }

  return (snapshot: AnyMachineSnapshot, type: string, answers: readonly boolean[], place: string): Run => {
    const actor = createActor(machine, { snapshot, clock, inspect })
    actor.subscribe({ error: () => {} }) // or XState throws it later, into the void
    actor.start()
    script = answers
    asked = 0
    segments = [{ operations: [], guard: null }]
    actor.send({ type })
    const after: AnyMachineSnapshot = actor.getSnapshot()
    if (after.status === 'error') {
      const message = after.error instanceof Error ? after.error.message : String(after.error)
      throw refusal(chart.name, place, `XState gives up: ${message}`)
    }
    return { segments, leaf: leaves.indexOf(pathOf(after.value)) }
  }
}

/** Whether the state or an ancestor mentions the event. A machine that has ended (a final child of the root) hears nothing. */
function expects(leaf: AnyStateNode, type: string): boolean {
  if (leaf.type === 'final' && leaf.parent?.parent === undefined) return false
  for (let node: AnyStateNode | undefined = leaf; node !== undefined; node = node.parent) {
    if (node.transitions.has(type) || node.transitions.has('*')) return true
  }
  return false
}

function leavesBelow(node: AnyStateNode): AnyStateNode[] {
  const children = Object.values(node.states) as AnyStateNode[]
  return children.length === 0 ? [node] : children.flatMap(leavesBelow)
}

/** A timer, and the event by which XState knows it. */
interface Clock {
  readonly timer: Timer
  readonly type: string
}

function timersBelow(node: AnyStateNode): Clock[] {
  const own = new Map<string, Clock>()
  for (const { eventType, delay } of node.after) {
    own.set(eventType, { type: eventType, timer: { state: node.path.join('.'), delay: delay as number | string } })
  }
  return [...own.values(), ...(Object.values(node.states) as AnyStateNode[]).flatMap(timersBelow)]
}

type StateValue = string | { [key: string]: StateValue }

/** `['running', 'aligning']` as XState's value: `{ running: 'aligning' }`. */
function stateValue(path: readonly string[]): StateValue {
  const [head = '', ...tail] = path
  return tail.length === 0 ? head : { [head]: stateValue(tail) }
}

function pathOf(value: StateValue): string {
  if (typeof value === 'string') return value
  return Object.entries(value).map(([key, inner]) => `${key}.${pathOf(inner)}`)[0] ?? ''
}

function toRecord<T>(names: readonly string[], make: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, make(name)]))
}
