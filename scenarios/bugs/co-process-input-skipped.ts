import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const coProcessInputSkipped: BugDefinition = {
  id: 'co-process-input-skipped',
  title: 'The first record of the second input is skipped after a restore',
  mechanism:
    'A restored operator of two inputs reads the first record of its second input and does not hand it over: a payment is lost, and its order is cancelled.',
  scenario: 'order-payments',
  protocol: 'aligned',
  mutation: {
    parts: {
      handsOver: (nth, input, restored) => !(restored && input === 1 && nth === 1),
    } satisfies Partial<ClusterParts>,
  },
  oracles: ['invariant', 'state'],
  verdict: 'safety',
}
