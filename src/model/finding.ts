/** What an oracle says when something is wrong, and what a run amounts to. */
export type FindingClass = 'safety' | 'liveness' | 'user' | 'nondeterminism'
export interface Finding {
  readonly oracle: string
  readonly kind: string
  readonly class: FindingClass
  /** keyed | timer | list, tail | middle, role: what of the state or output is wrong. */
  readonly part: string
  /** oracle/kind:part, without phase and place: what shrinking must keep. */
  readonly fingerprint: string
  /** One sentence: what happened, where. */
  readonly message: string
  readonly atUs: number
  readonly expected?: unknown
  readonly actual?: unknown
}
export type Guarantee = 'exactly-once' | 'at-least-once' | 'at-most-once'
/** True if what needs one guarantee can rely on another: exactly once is at least once and at most once. */
export const gives = (given: Guarantee | 'none', needed: Guarantee): boolean =>
  given === 'exactly-once' || given === needed
/** Records of a channel by their positions in the cut of a checkpoint: from `from` up to, but without `to`. */
export interface RecordWindow {
  readonly checkpoint: number
  /** 'sender[subtask] -> receiver[subtask]'. */
  readonly place: string
  readonly from: number
  readonly to: number
  /** When it was seen. */
  readonly atUs: number
}
export type AssumptionName =
  | 'transaction-timeout-over-outage'
  | 'checkpoint-timeout-over-duration'
  | 'restart-budget'
  | 'durable-store'
  | 'pure-functions'
/** What a protocol with certain sinks promises, what it may do all the same, and what it takes for granted. */
export interface Contract {
  readonly state: Guarantee
  /** The same for what goes round loops, where the job has some and it is less. */
  readonly loops?: Guarantee | 'none'
  /** True if what a cut has sent and not received is part of it, and comes back. */
  readonly inFlight?: true
  /** True if of a record that goes to all subtasks, some copies may be in flight in a cut and others not. */
  readonly splitsBroadcasts?: true
  readonly output: Readonly<Record<string, Guarantee>>
  readonly permits: readonly string[]
  readonly assumes: readonly AssumptionName[]
}
