import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const ackBeforeDurable: BugDefinition = {
  id: 'ack-before-durable',
  issue: 'FLINK-35217',
  title: 'A task acknowledges before its snapshot is durable',
  mechanism:
    'The acknowledgement goes out when the upload begins: a checkpoint can be complete while its bytes are missing (no fsync before the acknowledgement).',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { acknowledgesEarly: () => true } satisfies Partial<ClusterParts> },
  oracles: ['storage'],
  verdict: 'safety',
}
