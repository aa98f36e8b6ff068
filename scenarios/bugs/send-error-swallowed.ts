import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const sendErrorSwallowed: BugDefinition = {
  id: 'send-error-swallowed',
  issue: 'FLINK-31305',
  title: 'A sink swallows the error of a write',
  mechanism:
    'A write that the external system refuses does not fail the task: the checkpoint succeeds without the record.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { writeErrorFailsTask: () => false } satisfies Partial<ClusterParts> },
  oracles: ['output'],
  verdict: 'safety',
}
