import type { Failure } from '../check/index.ts'
import type { Plan } from '../model/index.ts'

/** Kind of the finding that user code does not return. */
export const HANGS = 'does-not-return'

/** The failure that a run without an end is. @param patienceMs how long it was waited for */
export function doesNotReturn(index: number, plan: Plan, patienceMs: number): Failure {
  return {
    index,
    plan,
    digest: '0'.repeat(16),
    finding: {
      oracle: 'user',
      kind: HANGS,
      class: 'user',
      part: '',
      fingerprint: `user/${HANGS}`,
      message: `Run ${index} of '${plan.scenario}' has not returned for ${patienceMs / 1000} s: a user function loops for ever; look for a loop whose end depends on its input.`,
      atUs: 0,
    },
  }
}
