import {
  type Aggregate,
  Check,
  type CheckSettings,
  type Failure,
  type Shrunk,
  scenarioOf,
  shrinkFailure,
  tokenOf,
} from '../check/index.ts'
import { type CheckFacts, checkSummary } from '../report/index.ts'
import { HANGS } from './does-not-return.ts'
import { CutOff, guarded } from './guarded.ts'
import { madeAgain } from './made-again.ts'
import { nowMs } from './real-time.ts'
import type { Survival } from './survival.ts'

/** A test can be stopped at a breakpoint, and knows scenarios that no file exports. */
const tokenLines = ['', "A test replays this token as well: await expect(…).toSurvive({ token: 'cutline:v1:…' })"]

/**
 * Makes the failing run once more in a cluster of its own, and makes it small. Whatever goes wrong, the failure stands.
 * @param untilMs shrinking ends then; if that is past, the failure is reported as it was found
 * @param giveUpAtMs what has not returned by then is cut off
 */
export function failedSurvival(
  settings: CheckSettings,
  facts: CheckFacts,
  aggregate: Aggregate,
  found: Failure,
  untilMs: number,
  giveUpAtMs: number,
): Survival {
  const startedAtMs = nowMs()
  const { failure, shrunk } = confirmed(settings, found, untilMs, giveUpAtMs)
  const thrown = thrownIn(settings, shrunk ?? failure)
  const summary = checkSummary(facts, { ...aggregate, failure })
  if (shrunk !== null) {
    const { plan, finding, token, from, to, evaluations } = shrunk
    const seconds = (nowMs() - startedAtMs) / 1000
    return {
      summary: { ...summary, message: finding.message, token },
      failure: { finding, plan, token, shrunk: { from, to, evaluations, seconds }, files: [] },
      more: tokenLines,
      thrown,
    }
  }
  const { plan, finding, digest } = failure
  // what is not deterministic does not come again at will
  const token =
    finding.class === 'nondeterminism' ? null : tokenOf(scenarioOf(settings), plan, finding.fingerprint, digest)
  return {
    summary: { ...summary, ...(token === null ? {} : { token }) },
    failure: { finding, plan, token, files: [] },
    more: token === null ? [] : tokenLines,
    thrown,
  }
}

function confirmed(
  settings: CheckSettings,
  failure: Failure,
  untilMs: number,
  giveUpAtMs: number,
): { failure: Failure; shrunk: Shrunk | null } {
  const given = { failure, shrunk: null }
  const { finding, index } = failure
  if (finding.class === 'nondeterminism' || finding.kind === HANGS || nowMs() >= untilMs) return given
  const fresh = new Check(settings)
  try {
    return guarded(() => {
      const again = madeAgain(failure, fresh.run(index).result)
      if (again !== failure) return { failure: again, shrunk: null }
      return { failure, shrunk: shrinkFailure(fresh, failure, () => nowMs() >= untilMs) }
    }, giveUpAtMs - nowMs())
  } catch (error) {
    // a RangeError: it fails otherwise when its user functions run again as twins
    if (error instanceof CutOff || error instanceof RangeError) return given
    throw error
  }
}

/** What user code threw in this run, if that is what it failed with. */
function thrownIn(settings: CheckSettings, { plan, finding }: Pick<Failure, 'plan' | 'finding'>): unknown {
  if (finding.class !== 'user' || finding.kind === HANGS) return undefined
  return new Check(settings).runner.run(plan, { twinned: true }).cause
}
