import type { BugDefinition } from '../../src/check/index.ts'
import { CHECKPOINT, SAVEPOINT } from '../../src/model/index.ts'
import type { PendingCheckpoint } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

/** The user takes a savepoint in place of every third checkpoint. */
const SAVEPOINT_EVERY = 3
/** Bits of the kind in a request that was one for a checkpoint. */
const SAVEPOINT_BITS = SAVEPOINT * 2

export const savepointSubsumesCheckpoint: BugDefinition = {
  id: 'savepoint-subsumes-checkpoint',
  issue: 'FLINK-21351',
  title: 'A savepoint subsumes the last checkpoint',
  mechanism:
    'A savepoint in the store is counted among the retained checkpoints: the last checkpoint is let go for it, although the next incremental one builds on its files and the savepoint is the user’s to move or delete.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'pending-checkpoint': {
        actions: {
          writeMetadata(checkpoint, ack) {
            if (checkpoint.id % SAVEPOINT_EVERY === 0) checkpoint.request += SAVEPOINT_BITS
            checkpoint.writeMetadata(ack)
          },
          remember: ({ host, entry }) => host.remember({ ...entry!, kind: CHECKPOINT }),
        },
      } satisfies Overrides<PendingCheckpoint>,
    },
  },
  oracles: ['recency'],
  verdict: 'safety',
}
