import type { BugDefinition } from '../../src/check/index.ts'
import type { BarrierCoordinator } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const unreadableCheckpointSkipped: BugDefinition = {
  id: 'unreadable-checkpoint-skipped',
  issue: 'FLINK-22502',
  title: 'A checkpoint that cannot be read for a moment is skipped',
  mechanism:
    'A new leader meets a transient error when it reads the newest entry, leaves it out without a word and goes back to the one before: what was committed since is produced again.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'checkpoint-coordinator': {
        actions: {
          takeStore: (coordinator, answer) => coordinator.takeStore(answer, (entries) => entries.slice(0, -1)),
        },
      } satisfies Overrides<BarrierCoordinator>,
    },
  },
  oracles: ['recency'],
  verdict: 'safety',
}
