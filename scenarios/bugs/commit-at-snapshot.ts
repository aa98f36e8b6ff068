import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const commitAtSnapshot: BugDefinition = {
  id: 'commit-at-snapshot',
  title: 'A sink commits when it takes its snapshot',
  mechanism:
    'The transaction is committed as soon as it is prepared, before the checkpoint is complete: after a crash its records are produced again.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { commitsAtSnapshot: () => true } satisfies Partial<ClusterParts> },
  oracles: ['output'],
  verdict: 'safety',
}
