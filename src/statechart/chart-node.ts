import type { ActionName, AlwaysGuardName, DelayName, GuardName } from './member-names.ts'
import type { TimerHost } from './timer-host.ts'

/** One action by name, or several in order. */
export type Actions<E> = ActionName<E> | readonly ActionName<E>[]

/**
 * One candidate of a transition; XState takes the first whose guard holds.
 *
 * `target` is a sibling (`'done'`), a descendant of a sibling (`'done.late'`), a child (`'.inner'`) or any state by its
 * whole path (`'#chart.running.aligning'`). Without one no state is left or entered. `reenter` also leaves and enters
 * the state itself when the target is inside it.
 */
export interface Candidate<E, Guard = GuardName<E>> {
  readonly target?: string
  readonly guard?: Guard
  readonly actions?: Actions<E>
  readonly reenter?: boolean
  readonly description?: string
}

/** What leads on from a state: a target, a candidate, or several candidates in order of preference. */
export type Transition<E> = string | Candidate<E> | readonly (string | Candidate<E>)[]

/** An eventless candidate: always guarded, and by a guard that does not read the event. */
export interface AlwaysCandidate<E> extends Candidate<E, AlwaysGuardName<E>> {
  readonly guard: AlwaysGuardName<E>
}

/**
 * Delayed transitions by delay: a number of virtual microseconds, or the name of the entity's field or method that
 * gives it when the state is entered.
 */
export type Delayed<E> = E extends TimerHost
  ? { readonly [D in number | DelayName<E>]?: Transition<E> }
  : 'a chart with `after` needs an entity with armTimer and disarmTimer (see TimerHost)'

/** A state of a chart: XState's configuration, restricted to what the table can carry (see {@link chart}). */
export interface ChartNode<E, X extends string> {
  readonly type?: 'final'
  readonly initial?: string
  readonly entry?: Actions<E>
  readonly exit?: Actions<E>
  /** Transitions by event; `'*'` (any other event) only at the root. See {@link ignore} for events to drop. */
  readonly on?: { readonly [K in X | '*']?: Transition<E> }
  readonly always?: AlwaysCandidate<E> | readonly AlwaysCandidate<E>[]
  readonly after?: Delayed<E>
  /** Taken when a final child is entered. */
  readonly onDone?: Transition<E>
  readonly states?: { readonly [state: string]: ChartNode<E, X> }
  readonly description?: string
}
