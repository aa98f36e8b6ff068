import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const restoredTimerWaitsForEnd: BugDefinition = {
  id: 'restored-timer-waits-for-end',
  title: 'Restored timers fire only at the end of input',
  mechanism:
    'After a restore, watermarks move no event-time timer: all of them fire late, when the last watermark comes.',
  scenario: 'everything',
  protocol: 'aligned',
  mutation: {
    parts: {
      timersDueAt: (watermarkMs, restored) =>
        restored && watermarkMs !== Number.POSITIVE_INFINITY ? Number.NEGATIVE_INFINITY : watermarkMs,
    } satisfies Partial<ClusterParts>,
  },
  oracles: ['time'],
  verdict: 'safety',
}
