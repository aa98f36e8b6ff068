import type { BugDefinition } from '../../src/check/index.ts'
import type { PendingCheckpoint } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const triggerOutlivesCheckpoint: BugDefinition = {
  id: 'trigger-outlives-checkpoint',
  issue: 'FLINK-26394',
  title: 'A checkpoint ends while it is triggered, and none is triggered any more',
  mechanism:
    'The checkpoint expires, or a restart aborts it, while the source enumerator has not answered; what its trigger waits for never comes, the trigger stays in progress, and every later request waits behind it.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'pending-checkpoint': { actions: { abandonTrigger: () => {} } } satisfies Overrides<PendingCheckpoint>,
    },
  },
  oracles: ['progress'],
  verdict: 'liveness',
}
