import { type Failure, nondeterminism, type RunResult } from '../check/index.ts'

/** The failure that a failing run is when it was made again: the same, or that it is not deterministic. */
export function madeAgain(first: Failure, again: RunResult): Failure {
  const { index, plan, digest, finding } = first
  const fingerprint = again.finding?.fingerprint ?? 'passes'
  if (again.digest === digest && fingerprint === finding.fingerprint) return first
  return nondeterminism(index, plan, `${digest} (${finding.fingerprint})`, `${again.digest} (${fingerprint})`)
}
