/** A bug that is planted on purpose: an override of the real charts or parts, or a scenario with broken user code. */
import type { Scenario } from '../dataflow/index.ts'
import type { MetadataStoreName, Mutation } from '../model/index.ts'

export interface BugDefinition {
  /** Letters in lower case, digits and -. */
  readonly id: string
  /** Where it happened for real: 'FLINK-17568'. */
  readonly issue?: string
  readonly title: string
  /** How it does harm, in a sentence. */
  readonly mechanism: string
  /** Scenario that it is looked for in, by name. */
  readonly scenario: string
  readonly protocol: string
  /** What the job's metadata are entrusted to; if left out, what the scenario says. */
  readonly store?: MetadataStoreName
  readonly mutation: Mutation
  /** In place of the named scenario: the same with broken user code, or with more that its plans ask for. */
  readonly variant?: Scenario
  /** Oracles that may report it first; the first one is the one it belongs to. */
  readonly oracles: readonly string[]
  readonly verdict: 'safety' | 'liveness' | 'usercode'
}
