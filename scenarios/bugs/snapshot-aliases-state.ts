import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const snapshotAliasesState: BugDefinition = {
  id: 'snapshot-aliases-state',
  title: 'An asynchronous snapshot works on the live state',
  mechanism:
    'The synchronous part copies nothing: the upload writes what the state has become since, with records from behind the barrier.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { copyForSnapshot: (live) => live } satisfies Partial<ClusterParts> },
  oracles: ['state'],
  verdict: 'safety',
}
