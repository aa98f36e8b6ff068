import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const barriersOvertakeBroadcast: BugDefinition = {
  id: 'barriers-overtake-broadcast',
  issue: 'FLINK-22815',
  title: 'Barriers overtake broadcast records',
  mechanism:
    'The copies of one record lie on different sides of the cut: one subtask has it in its state, another in flight, but at a restore all of them get the broadcast state of one.',
  scenario: 'broadcast-rules',
  protocol: 'unaligned',
  mutation: {
    parts: { alignsAlways: (partitioner) => partitioner === 'forward' } satisfies Partial<ClusterParts>,
  },
  oracles: ['state'],
  verdict: 'safety',
}
