import type { Plan } from '../model/index.ts'
import type { Failure } from './aggregate.ts'

/** The failure that a run is which gave another digest when it was made again. */
export function nondeterminism(index: number, plan: Plan, first: string, again: string): Failure {
  return {
    index,
    plan,
    digest: again,
    finding: {
      oracle: 'determinism',
      kind: 'digest-differs',
      class: 'nondeterminism',
      part: '',
      fingerprint: 'determinism/digest-differs',
      message: `Run ${index} gave digest ${first} first and ${again} when it was made again: something in it depends on more than its plan.`,
      atUs: 0,
      expected: first,
      actual: again,
    },
  }
}
