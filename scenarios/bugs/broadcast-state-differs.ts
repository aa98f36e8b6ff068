import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const broadcastStateDiffers: BugDefinition = {
  id: 'broadcast-state-differs',
  title: 'One subtask misses a broadcast element after a restore',
  mechanism:
    'The second subtask of a restored operator skips its first broadcast element: from then on subtasks judge by different rules.',
  scenario: 'broadcast-rules',
  protocol: 'aligned',
  mutation: {
    parts: {
      handsOver: (nth, input, restored, subtask) => !(restored && subtask === 1 && input === 1 && nth === 1),
    } satisfies Partial<ClusterParts>,
  },
  oracles: ['state'],
  verdict: 'safety',
}
