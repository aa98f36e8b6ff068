import type { BugDefinition } from '../../src/check/index.ts'
import type { DurableView } from '../../src/model/index.ts'

export const restartFromOlderCheckpoint: BugDefinition = {
  id: 'restart-from-older-checkpoint',
  issue: 'FLINK-14145',
  title: 'The job restarts from the checkpoint before the newest',
  mechanism:
    'Recovery looks for the newest checkpoint from the last entry but one on, as if the last were a savepoint: what was committed with the newest is produced again.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { recover: ({ completed }: DurableView) => completed.at(-2) ?? completed.at(-1) ?? null } },
  oracles: ['recency'],
  verdict: 'safety',
}
