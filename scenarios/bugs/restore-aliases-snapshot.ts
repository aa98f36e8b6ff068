import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const restoreAliasesSnapshot: BugDefinition = {
  id: 'restore-aliases-snapshot',
  title: 'A restored task works on the stored snapshot itself',
  mechanism:
    'Restored state shares its tables with the file it came from: later writes change the checkpoint, and the next restore from it counts twice.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { copyForRestore: (stored) => stored } satisfies Partial<ClusterParts> },
  oracles: ['state'],
  verdict: 'safety',
}
