/** One step of a transition, in XState's order. */
export type Operation =
  | { readonly kind: 'action'; readonly name: string }
  | { readonly kind: 'arm'; readonly timer: number /** Microseconds, or the entity's member. */; readonly delay: Delay }
  | { readonly kind: 'disarm'; readonly timer: number }

/** Microseconds, or the name of the entity's field or method that gives them. */
export type Delay = number | string

/** Everything that one event does in one leaf: operations, then a question to a guard, or rest in a leaf. */
export type DecisionTree = Question | Rest

export interface Question {
  readonly operations: readonly Operation[]
  readonly guard: string
  readonly yes: DecisionTree
  readonly no: DecisionTree
}

export interface Rest {
  readonly operations: readonly Operation[]
  /** The leaf after the event: an index in the chart's leaves. */
  readonly leaf: number
}

/** A delayed transition's clock: armed when `state` is entered, disarmed when it is left. */
export interface Timer {
  readonly state: string
  readonly delay: Delay
}
