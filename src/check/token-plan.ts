import type { Plan } from '../model/index.ts'
import { requireFit } from './plan-codec.ts'
import type { Resolve } from './replay.ts'
import { requireInput } from './require-input.ts'
import type { Runner } from './runner.ts'
import { decodeToken } from './token.ts'

/**
 * The plan of a token, and who runs it.
 * @throws InputError if the token cannot be used, its plan names what the job does not have, or the scenario reads another
 * text; whatever `resolve` throws
 */
export function planOfToken(token: string, resolve: Resolve): { readonly plan: Plan; readonly runner: Runner } {
  const { plan } = decodeToken(token)
  const runner = resolve(plan)
  requireInput(plan, runner.scenario)
  requireFit(plan, runner.scenario.graph())
  return { plan, runner }
}
