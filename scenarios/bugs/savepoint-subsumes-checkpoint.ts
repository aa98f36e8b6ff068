import type { BugDefinition } from '../../src/check/index.ts'
import { CHECKPOINT } from '../../src/model/index.ts'
import type { PendingCheckpoint } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'
import keyedState from '../keyed-state.ts'
import { withSavepoints } from '../with-savepoints.ts'

export const savepointSubsumesCheckpoint: BugDefinition = {
  id: 'savepoint-subsumes-checkpoint',
  issue: 'FLINK-21351',
  title: 'A savepoint subsumes the last checkpoint',
  mechanism:
    'A savepoint in the store is counted among the retained checkpoints: the last checkpoint is let go for it, although the next incremental one builds on its files and the savepoint is the user’s to move or delete.',
  scenario: 'keyed-state',
  variant: withSavepoints(keyedState),
  protocol: 'aligned',
  mutation: {
    charts: {
      'pending-checkpoint': {
        guards: { savepoint: () => false },
        actions: { remember: ({ host, entry }) => host.remember({ ...entry!, kind: CHECKPOINT }) },
      } satisfies Overrides<PendingCheckpoint>,
    },
  },
  oracles: ['recency'],
  verdict: 'safety',
}
