import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const sourceRestoredTooShort: BugDefinition = {
  id: 'source-restored-too-short',
  title: 'A source goes on one record too early',
  mechanism: 'A restored reader starts with the last record that is in the state already: it counts twice.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { restoredPosition: (position) => Math.max(0, position - 1) } satisfies Partial<ClusterParts> },
  oracles: ['splits'],
  verdict: 'safety',
}
