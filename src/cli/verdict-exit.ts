import type { Verdict } from '../check/index.ts'
import type { FindingClass } from '../model/index.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** The exit code of each verdict of a check. */
export const VERDICT_EXIT: Readonly<Record<Verdict, ExitCode>> = {
  holds: EXIT.HOLDS,
  safety: EXIT.SAFETY,
  liveness: EXIT.LIVENESS,
  nondeterministic: EXIT.NONDETERMINISM,
  usercode: EXIT.USER_CODE,
  inconclusive: EXIT.INCONCLUSIVE,
  vacuous: EXIT.VACUOUS,
}

/** The exit code of a finding. */
export const FINDING_EXIT: Readonly<Record<FindingClass, ExitCode>> = {
  safety: EXIT.SAFETY,
  liveness: EXIT.LIVENESS,
  user: EXIT.USER_CODE,
  nondeterminism: EXIT.NONDETERMINISM,
}
