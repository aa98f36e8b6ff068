import type { BugDefinition } from '../../src/check/index.ts'
import { type ClusterParts, clusterParts } from '../../src/cluster/index.ts'
import type { SnapshotContent } from '../../src/model/index.ts'

/** Two states of one type: no serializer complains. */
const CROSSED: Readonly<Record<string, string>> = { count: 'clock-timers', 'clock-timers': 'count' }

/** The tables under each other's names. */
const crossed = ({ tables, ...rest }: SnapshotContent): SnapshotContent => ({
  ...rest,
  tables: new Map([...tables].map(([name, table]) => [CROSSED[name] ?? name, table])),
})

export const statesRestoredCrosswise: BugDefinition = {
  id: 'states-restored-crosswise',
  issue: 'FLINK-16576',
  title: 'Two states of an operator are restored into each other',
  mechanism:
    'The numbers of states in a snapshot are looked up in the list of another one, which has them in another order: each state comes back under the name of the other.',
  scenario: 'everything',
  protocol: 'aligned',
  mutation: {
    parts: { copyForRestore: (stored) => crossed(clusterParts.copyForRestore(stored)) } satisfies Partial<ClusterParts>,
  },
  // seldom, a sink has committed what was counted wrong before the next snapshot is written
  oracles: ['state', 'invariant'],
  verdict: 'safety',
}
