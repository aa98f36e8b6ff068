import type { BugDefinition } from '../../src/check/index.ts'
import type { DurableView } from '../../src/model/index.ts'

export const restartFromOlderCheckpoint: BugDefinition = {
  id: 'restart-from-older-checkpoint',
  title: 'The job restarts from the checkpoint before the newest',
  mechanism: 'Recovery takes the last entry but one: what was committed with the newest checkpoint is produced again.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { recover: ({ completed }: DurableView) => completed.at(-2) ?? completed.at(-1) ?? null } },
  oracles: ['recency'],
  verdict: 'safety',
}
