/** Which cases of a suite have to do with a feature: told by the fields of the cases themselves (data/vectors/SCHEMA.md). */
import type { CoordinatorConfig } from '../coordinator/coordinator-case.ts'
import type { Evidence } from './feature.ts'

/** What a step of a case has, as far as it is looked at: the barrier suites have `acts`, the coordinator has lists with names. */
export interface CaseStep {
  readonly ev: readonly unknown[]
  readonly acts?: readonly Act[]
  readonly cur?: number
  readonly p?: number
  readonly pend?: readonly unknown[]
  readonly fail?: readonly (readonly [checkpoint: number, reason: string])[]
  readonly nc?: readonly (readonly [checkpoint: number, subsumed: number, tasks: readonly number[]])[]
  readonly na?: readonly unknown[]
  readonly q?: number
  readonly ret?: boolean
  readonly restored?: number | null
  readonly job?: unknown
}
export type Act = readonly unknown[]

/** All cases. */
export const whole = (suite: string): Evidence => ({ suite })

/** Cases of which something holds. */
export function those<Case>(suite: string, what: string, holds: (line: Case) => boolean): Evidence {
  return { suite, of: { what, holds: (line) => holds(line as Case) } }
}

/** Cases with a step of which something holds. @param holds is given the step before as well, if there is one */
export const stepping = (
  suite: string,
  what: string,
  holds: (step: CaseStep, before: CaseStep | undefined) => boolean,
): Evidence =>
  those<{ readonly steps: readonly CaseStep[] }>(suite, what, ({ steps }) =>
    steps.some((step, i) => holds(step, steps[i - 1])),
  )

/** Cases in which an event is fed that begins with these; one of a burst, or of two requests at once, counts too. */
export const feeding = (suite: string, what: string, ...codes: readonly string[]): Evidence =>
  stepping(suite, what, ({ ev }) => fedIn(ev).some(([code]) => codes.includes(code as string)))

/** Cases in which Flink did something. */
export const doing = (suite: string, what: string, holds: (act: Act) => boolean): Evidence =>
  stepping(suite, what, ({ acts = [] }) => acts.some(holds))

/** Cases in which a task was told to abort a checkpoint for a reason. */
export const aborting = (suite: string, what: string, reason: string): Evidence =>
  doing(suite, what, ([act, , why]) => act === 'abort' && why === reason)

/** Cases in which the coordinator gave up a checkpoint for one of these reasons. */
export const failing = (what: string, ...reasons: readonly string[]): Evidence =>
  stepping('coordinator', what, ({ fail = [] }) => fail.some(([, reason]) => reasons.includes(reason)))

/** Programs with one of these operators. */
export const using = (what: string, ...ops: readonly string[]): Evidence =>
  those<{ readonly program: { readonly nodes: readonly { readonly op: string }[] } }>('dataflow', what, ({ program }) =>
    program.nodes.some(({ op }) => ops.includes(op)),
  )

/** Programs with an operator that has this set. */
export const windowed = (what: string, setting: string): Evidence =>
  those<{ readonly program: { readonly nodes: readonly object[] } }>('dataflow', what, ({ program }) =>
    program.nodes.some((node) => setting in node),
  )

/** Cases of a barrier handler in which an input ends. @param fin an ended input counts as having delivered its barrier */
export function ending(suite: string, what: string, fin: boolean): Evidence {
  type Case = { readonly fin: boolean; readonly steps: readonly CaseStep[] }
  return those<Case>(
    suite,
    what,
    (line) => line.fin === fin && line.steps.some(({ ev }) => fedIn(ev).some(([code]) => code === 'e')),
  )
}

/** Cases of the coordinator with such a configuration. */
export const configured = (what: string, holds: (cfg: CoordinatorConfig) => boolean): Evidence =>
  those<{ readonly cfg: CoordinatorConfig }>('coordinator', what, ({ cfg }) => holds(cfg))

/** Cases of operator state in which some state is dealt out in this mode: split, union, broadcast. */
export function operatorState(what: string, mode: 'S' | 'U' | 'B'): Evidence {
  type Case = { readonly in?: readonly (Readonly<Record<string, readonly [mode: string]>> | null)[] }
  return those<Case>('key_groups', what, ({ in: files = [] }) =>
    files.some((states) => Object.values(states ?? {}).some(([of]) => of === mode)),
  )
}

/** The events of a step: a burst of deliveries and two requests at once are several. */
export const fedIn = (ev: readonly unknown[]): readonly (readonly unknown[])[] =>
  ev[0] === 'burst' || ev[0] === 'both' ? (ev.slice(1) as readonly (readonly unknown[])[]) : [ev]

/** What a gate did in a step, cut where it read an element: that act, and those it brought about. */
export function readIn(acts: readonly Act[]): readonly (readonly [read: Act, ...did: Act[]])[] {
  const cut: [Act, ...Act[]][] = []
  for (const act of acts)
    if (act[0] === 'got' || act[0] === 'prio') cut.push([act])
    else cut.at(-1)?.push(act)
  return cut
}
