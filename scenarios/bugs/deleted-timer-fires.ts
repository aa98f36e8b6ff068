import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const deletedTimerFires: BugDefinition = {
  id: 'deleted-timer-fires',
  title: 'A deleted timer fires after a restore',
  mechanism:
    'An attempt that was restored registers timers but deletes none: a deadline that a payment has taken out cancels the order all the same.',
  scenario: 'order-payments',
  protocol: 'aligned',
  mutation: {
    parts: { deletesTimer: (restored) => !restored } satisfies Partial<ClusterParts>,
  },
  oracles: ['invariant', 'state'],
  verdict: 'safety',
}
