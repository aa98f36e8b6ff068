/** From a failing run to a small one with its token. */
import type { Finding, Plan } from '../model/index.ts'
import type { Failure } from './aggregate.ts'
import type { Check } from './check.ts'
import { InputError } from './input-error.ts'
import type { Resolve } from './replay.ts'
import type { Runner } from './runner.ts'
import { type ShrinkResult, shrink } from './shrink.ts'
import { tokenOf } from './token.ts'
import { planOfToken } from './token-plan.ts'

/** A failing run made as small as it gets. Plain data. */
export interface Shrunk extends ShrinkResult {
  readonly token: string
}

/**
 * @param stop asked before every run; true ends the shrinking with what has been reached
 * @throws RangeError if the run does not fail again as it did: something in it depends on more than its plan
 */
export function shrinkFailure(check: Check, { plan, finding }: Failure, stop: () => boolean): Shrunk {
  return shrunk(check.runner, plan, finding, stop)
}

/**
 * Shrinks the run of a token, for whatever it fails with now.
 * @param stop as of `shrinkFailure`
 * @throws InputError if the token cannot be used, or its run passes; whatever `resolve` throws
 */
export function shrinkToken(token: string, resolve: Resolve, stop: () => boolean): Shrunk {
  const { plan, runner } = planOfToken(token, resolve)
  const { finding } = runner.run(plan, { twinned: true })
  if (finding === null) throw new InputError('the run of this token passes, so there is nothing to shrink: replay it')
  return shrunk(runner, plan, finding, stop)
}

function shrunk(runner: Runner, plan: Plan, finding: Finding, stop: () => boolean): Shrunk {
  const result = shrink(runner, plan, finding, { stop })
  return { ...result, token: tokenOf(runner.scenario, result.plan, result.finding.fingerprint, result.digest) }
}
