import { durationText } from '../intervals/index.ts'
import { type CheckSummary, counted, grouped } from '../report/index.ts'
import type { Budget } from './budget.ts'

/**
 * Says in a test's words why a check has come to no verdict.
 * @param stuckAt index of a run that had not returned when the time was up
 */
export function withReason(summary: CheckSummary, { runs, runMs }: Budget, stuckAt: number | null): CheckSummary {
  if (stuckAt !== null) {
    const why = `run ${grouped(stuckAt)} had not returned when the test's time was up: either a user function loops for ever, or the test needs a longer timeout`
    return { ...summary, verdict: 'inconclusive', why }
  }
  if (summary.verdict !== 'inconclusive' || summary.runs === runs || runs === Number.MAX_SAFE_INTEGER) return summary
  const why = `${counted(summary.runs, 'run')} of ${grouped(runs)} fit into the ${durationText(runMs)} that the test's timeout leaves for them: give the test a longer timeout, or ask for fewer runs`
  return { ...summary, why }
}
