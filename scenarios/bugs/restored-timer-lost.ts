import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const restoredTimerLost: BugDefinition = {
  id: 'restored-timer-lost',
  issue: 'FLINK-19300',
  title: 'A timer is lost in a restore',
  mechanism: 'The first timer of a snapshot is left out when state is restored (a short read): it never fires.',
  scenario: 'everything',
  protocol: 'aligned',
  mutation: { parts: { restoredTimers: (timers) => timers.slice(1) } satisfies Partial<ClusterParts> },
  oracles: ['state'],
  verdict: 'safety',
}
