/** What is compared with one class of Flink, or one kind of its results: a replayer for the cases of one file. */
export interface Suite {
  /** As the file is called: `aligned` for vectors/aligned.jsonl; `dataflow` for dataflow/programs.jsonl, `traces` for flink/traces. */
  readonly name: string
  /**
   * Replays one case against our own code.
   * @param line the case as it stands in the file; a trace is `{ id, events }`, one case a file
   */
  replay(line: unknown): Outcome
}

export type Outcome = Agreed | Disagreed
export interface Agreed {
  readonly agreed: true
  /** Steps that were compared, where cases have steps. */
  readonly steps?: number
}
export interface Disagreed {
  readonly agreed: false
  /** Steps that agreed before the one that did not. */
  readonly steps?: number
  readonly disagreement: Difference
}
/** Where a case goes another way. What is the same on both sides may be left out of `expected` and `got`. */
export interface Difference {
  /** The event that was fed at that step. */
  readonly event?: unknown
  /** What Flink did: plain JSON. An object is shown field by field, an array side by side. */
  readonly expected?: unknown
  readonly got?: unknown
  /** The leaf of each chart that takes part, after the step. */
  readonly states?: Readonly<Record<string, string>>
  /** What went wrong if there is nothing to compare, as a sentence. */
  readonly message?: string
}
