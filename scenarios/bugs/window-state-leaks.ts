import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const windowStateLeaks: BugDefinition = {
  id: 'window-state-leaks',
  title: 'A window fires under the key of the timer before it',
  mechanism:
    'The key is not set when a timer follows another one: a window reads and clears the state of another key, and its own stays behind.',
  scenario: 'flight-delays',
  protocol: 'aligned',
  mutation: {
    parts: { timerKey: (own, before) => before ?? own } satisfies Partial<ClusterParts>,
  },
  oracles: ['state', 'invariant'],
  verdict: 'safety',
}
