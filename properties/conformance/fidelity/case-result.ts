import { runSuite } from '../run-suite.ts'
import type { Suite } from '../suite.ts'

/** How a case came out. */
export interface CaseResult {
  readonly line: unknown
  readonly agreed: boolean
  /** Steps that agreed, where cases have steps. */
  readonly steps: number
}

/** Replays each case of a suite once. */
export function caseResults(suite: Suite, cases: readonly unknown[]): readonly CaseResult[] {
  return cases.map((line) => {
    const { agreed, steps = 0 } = runSuite(suite.name, suite, [line])
    return { line, agreed: agreed === 1, steps }
  })
}
