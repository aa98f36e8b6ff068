/**
 * A participant's behaviour in time is an XState v5 machine. The chart says *when*; guards and actions, named here and
 * written as methods of the entity, say *what*:
 *
 * ```ts
 * export const task = chart<Task>()('task', {
 *   events: ['START', 'BARRIER', 'CRASH'],
 *   root: {
 *     initial: 'boot',
 *     on: { CRASH: '.crashed' },
 *     states: {
 *       boot: { on: { START: 'running' } },
 *       running: { on: { BARRIER: [{ guard: 'lastBarrier', actions: 'snapshot' }, { actions: 'align' }] } },
 *       crashed: { on: { ...ignore('BARRIER'), START: 'running' } },
 *     },
 *   },
 * })
 * ```
 *
 * The chart is the specification, the picture ({@link mermaid}) and what mutants replace ({@link Overrides}). XState's
 * interpreter is too slow for the loop, so {@link compileChart} asks it once what it does and keeps the answers.
 *
 * What asking cannot answer is refused here, by name and path: implementations other than by name; assign, raise,
 * spawn, invoke, parallel and history states, parameters. The initial leaf is an empty `boot` that START leaves.
 */
import { type AnyStateMachine, createMachine } from 'xstate'
import type { ChartNode } from './chart-node.ts'
import { checkRules } from './check-rules.ts'
import type { FieldName } from './member-names.ts'

/** The longest chain of microsteps that one event may set off; a longer one is a cycle. */
const MAX_MICROSTEPS = 256

/** What a chart is apart from its entity: enough to ask it or to draw it. */
export interface AnyChart {
  readonly name: string
  readonly events: readonly string[]
  /** The machine, without implementations: for XState's tools, and for {@link compileChart} to ask. */
  readonly machine: AnyStateMachine
  /** The methods that guard transitions. */
  readonly guards: readonly string[]
  /** The guards of `always` transitions: they are asked after any event, so they may not read it. */
  readonly alwaysGuards: readonly string[]
  /** The methods that are actions. */
  readonly actions: readonly string[]
  /** The fields or methods that are delays. */
  readonly delays: readonly string[]
}

/** A chart over the fields of an entity `E`, with events `X`. */
export interface Chart<E, X extends string> extends AnyChart {
  readonly events: readonly X[]
  /** The entity's int field that holds the leaf. */
  readonly field: string
  /** The code of each event: its index in `events`. */
  readonly code: { readonly [K in X]: number }
  /** The definition, as written. */
  readonly root: ChartNode<E, X>
}

export interface ChartDefinition<E, X extends string> {
  /** Every event the chart is sent; its code is its index here. One of them is START. */
  readonly events: readonly X[]
  /** The entity's int field that holds the leaf; `st` unless told. */
  readonly field?: FieldName<E>
  readonly root: ChartNode<E, NoInfer<X>>
}

/**
 * Defines the chart of an entity. Guards are the entity's methods `(event) => boolean`, actions its methods
 * `(event) => void`; both may do without the parameter, and the guards of `always` transitions must.
 *
 * @throws if the definition breaks a rule; the message names the chart, the path and the way out.
 */
export function chart<E>() {
  return <const X extends string>(name: string, definition: ChartDefinition<E, X>): Chart<E, X> => {
    const { events, field = 'st', root } = definition
    const used = checkRules(name, events, root)
    const code = Object.fromEntries(events.map((event, i) => [event, i])) as Record<X, number>
    // The rules have made sure that it is a configuration of XState; its own types would want the actors and context
    // that a chart does not have.
    const config = { ...root, id: name, options: { maxIterations: MAX_MICROSTEPS } } as Parameters<
      typeof createMachine
    >[0]
    return { name, events, field, machine: createMachine(config) as AnyStateMachine, code, root, ...used }
  }
}
