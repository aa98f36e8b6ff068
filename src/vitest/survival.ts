/** What a check in a test amounts to, and what it makes of the test. */
import type { Verdict } from '../check/index.ts'
import { type CheckSummary, checkLines, type FailureReport, failureLines, plain, verdictLine } from '../report/index.ts'

export interface Survival {
  readonly summary: CheckSummary
  /** The failing run; null if none failed. */
  readonly failure: FailureReport | null
  /** What else helps to see the failure again, a line each. */
  readonly more: readonly string[]
  /** What user code threw in the reported run: its stack leads to the user's line. */
  readonly thrown?: unknown
}

/** These say something about the dataflow; the others only that the check was none. */
const SAYS: Readonly<Record<Verdict, 'survives' | 'fails' | 'nothing'>> = {
  holds: 'survives',
  safety: 'fails',
  liveness: 'fails',
  usercode: 'fails',
  nondeterministic: 'fails',
  inconclusive: 'nothing',
  vacuous: 'nothing',
}

/** What is left to try if a check has put nothing to the test. */
const VACUOUS_HINT =
  'Give it more runs or time, faults that can strike, and records enough to outlast a checkpoint (records: { min, max } of the scenario).'

/** Whether a test that wants it to survive, or not to, is satisfied: a check that says nothing satisfies neither. */
export function satisfies({ summary }: Survival, toSurvive: boolean): boolean {
  return SAYS[summary.verdict] === (toSurvive ? 'survives' : 'fails')
}

/** Why a test is not satisfied: all there is to know about the failure, with the line to replay it. */
export function survivalMessage({ summary, failure, more }: Survival, toSurvive: boolean): string {
  const { verdict } = summary
  const first =
    verdict === 'holds' && !toSurvive
      ? `${summary.scenario} was expected to fail, but ${verdictLine(summary, plain)}`
      : verdictLine(summary, plain)
  return [
    first,
    ...(failure === null ? [] : failureLines(failure, plain)),
    ...more,
    ...(verdict === 'vacuous' ? [VACUOUS_HINT] : []),
    ...(summary.runs === 0 ? [] : ['', ...checkLines(summary, plain)]),
  ].join('\n')
}
