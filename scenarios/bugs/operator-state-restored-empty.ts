import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'
import { SPLITS, TRANSACTIONS } from '../../src/model/index.ts'

export const operatorStateRestoredEmpty: BugDefinition = {
  id: 'operator-state-restored-empty',
  title: 'Operator state comes back empty',
  mechanism:
    'The list state of user functions is snapshotted, but a restore hands out empty lists: what an operator had buffered is lost.',
  scenario: 'everything',
  protocol: 'aligned',
  mutation: {
    parts: {
      // the lists of readers and sinks are the connectors' own and come back
      restoredLists: (lists) => new Map([...lists].filter(([name]) => name === SPLITS || name === TRANSACTIONS)),
    } satisfies Partial<ClusterParts>,
  },
  oracles: ['state'],
  verdict: 'safety',
}
