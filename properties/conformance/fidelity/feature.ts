/** A feature of Flink, where its rule stands here, what shows that the rule is Flink's, and how a check deviates from it. */
export interface Feature {
  readonly feature: string
  /** Classes of Flink that it follows. */
  readonly flink?: string
  /** Files with the chart or the rule, from the root of the checkout. */
  readonly where: readonly string[]
  /** None if nothing of real Flink is compared: then `tests` say what holds it. */
  readonly evidence: readonly Evidence[]
  readonly tests?: readonly string[]
  /** Ids of bugs in the museum that break the rule. */
  readonly bugs?: readonly string[]
  /** Items of facts/flink-behaviour.md, which lists what a naive model gets wrong, that belong to the row. */
  readonly facts?: readonly number[]
  /** What a check leaves out or does otherwise, as a sentence; 'nothing' if nothing is known. */
  readonly simplified: string
}
/** Cases of a suite. */
export interface Evidence {
  readonly suite: string
  /** Of all cases those that have to do with the feature; all if left out. */
  readonly of?: { readonly what: string; readonly holds: (line: unknown) => boolean }
}
export interface Chapter {
  readonly title: string
  readonly features: readonly Feature[]
}
/** What of Flink is not here at all. */
export interface LeftOut {
  readonly what: string
  readonly facts?: readonly number[]
}
