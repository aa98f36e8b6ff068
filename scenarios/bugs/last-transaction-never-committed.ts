import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const lastTransactionNeverCommitted: BugDefinition = {
  id: 'last-transaction-never-committed',
  issue: 'FLINK-23408',
  title: 'The last transaction of a bounded job is never committed',
  mechanism:
    'The job ends with the completion of its last checkpoint, but the sink does not commit the transaction that belongs to it.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    parts: {
      commitsAt: ({ checkpoint, final }, completed) => !final && checkpoint <= completed,
    } satisfies Partial<ClusterParts>,
  },
  oracles: ['output'],
  verdict: 'safety',
}
