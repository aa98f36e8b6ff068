import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const splitAssignedTwice: BugDefinition = {
  id: 'split-assigned-twice',
  issue: 'FLINK-20290',
  title: 'A split is assigned to two readers after a reset',
  mechanism:
    'The enumerator never forgets an assignment: after a failure it hands out again the splits that readers have in their restored state.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { goesBack: () => true } satisfies Partial<ClusterParts> },
  oracles: ['splits'],
  verdict: 'safety',
}
