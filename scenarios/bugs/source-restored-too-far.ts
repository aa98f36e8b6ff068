import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const sourceRestoredTooFar: BugDefinition = {
  id: 'source-restored-too-far',
  title: 'A source goes on one record too far',
  mechanism: 'A restored reader starts behind the record that comes next: that record is never read again.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { restoredPosition: (position) => position + 1 } satisfies Partial<ClusterParts> },
  oracles: ['splits'],
  verdict: 'safety',
}
