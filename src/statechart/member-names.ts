import type { ChartEvent } from './chart-event.ts'

// A guard also fits the shape of an action (its answer may be dropped), hence the test on the result's type below.
type Result<Member> = Member extends (event: ChartEvent) => infer R ? R : never
type Named<E, Wanted> = {
  [K in keyof E & string]: E[K] extends (event: ChartEvent) => unknown
    ? [Result<E[K]>] extends [Wanted]
      ? K
      : never
    : never
}[keyof E & string]

/** The methods of `E` that may guard a transition: `(event) => boolean`, or without parameters. */
export type GuardName<E> = Named<E, boolean>

/** The guards of `E` that cannot read the event: what an `always` transition may ask. */
export type AlwaysGuardName<E> = { [K in GuardName<E>]: E[K] extends () => boolean ? K : never }[GuardName<E>]

/** The methods of `E` that may be actions: `(event) => void`, or without parameters. */
export type ActionName<E> = Named<E, void>

/** The members of `E` that may be a delay in microseconds: a number, or a method that returns one. */
export type DelayName<E> =
  | { [K in keyof E & string]: E[K] extends number ? K : never }[keyof E & string]
  | Named<E, number>

/** The members of `E` that may hold the leaf: numbers. */
export type FieldName<E> = { [K in keyof E & string]: E[K] extends number ? K : never }[keyof E & string]
