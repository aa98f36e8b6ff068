import type { BugDefinition } from '../../src/check/index.ts'
import type { PendingCheckpoint } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const pauseFromTrigger: BugDefinition = {
  id: 'pause-from-trigger',
  issue: 'FLINK-5216',
  title: 'The minimum pause counts from the trigger of a checkpoint',
  mechanism:
    'The pause is over before a slow checkpoint is: the next one starts as soon as it is complete, and the job has no time without a checkpoint.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'pending-checkpoint': {
        actions: { startPause: ({ host, triggeredAt }) => host.pauseFrom(triggeredAt) },
      } satisfies Overrides<PendingCheckpoint>,
    },
  },
  oracles: ['pace'],
  verdict: 'safety',
}
