import type { Scenario } from './job-graph.ts'

/** A text that a scenario reads: a file that the user names, or a default. */
export interface ScenarioInput {
  /** What it is, in a few words that fit behind 'reads': 'a text file'. */
  readonly describe: string
  /** Hash of the text: 8 hexadecimal digits. A plan carries it, so that a replay can tell that the text is another one. */
  hash(): string
  /** The scenario over another text. @throws JobError if it is no text */
  read(text: string): Scenario
}

/** How a scenario declares that it reads a text. */
export interface ScenarioInputOptions {
  readonly describe: string
  /** The text that is read if the user names no file; called once, when it is first needed. */
  readonly default: () => string
}
