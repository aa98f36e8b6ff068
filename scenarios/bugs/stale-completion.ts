import type { BugDefinition } from '../../src/check/index.ts'
import type { PendingCheckpoint, SubtaskCheckpointCoordinator } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const staleCompletion: BugDefinition = {
  id: 'stale-completion',
  issue: 'FLINK-24096',
  title: 'A completion from before the restore reaches the restored task',
  mechanism:
    'Notices are not addressed to an attempt, and a restored task does not know which checkpoints are older than its state: it takes a late notice for news.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'subtask-checkpoint-coordinator': {
        actions: { knowRestored: () => {} },
      } satisfies Overrides<SubtaskCheckpointCoordinator>,
      'pending-checkpoint': {
        actions: { announce: (checkpoint) => checkpoint.host.announceToAny(checkpoint.id) },
      } satisfies Overrides<PendingCheckpoint>,
    },
  },
  oracles: ['coordination'],
  verdict: 'safety',
}
