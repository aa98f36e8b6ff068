import type { BugDefinition } from '../../src/check/index.ts'
import type { PendingCheckpoint } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

/** The user takes a savepoint in place of every third checkpoint. */
const SAVEPOINT_EVERY = 3

export const savepointAnnouncedNotKept: BugDefinition = {
  id: 'savepoint-announced-not-kept',
  issue: 'FLINK-10354',
  title: 'A savepoint is announced but not kept in the store',
  mechanism:
    'Sinks commit what the savepoint covers, but a recovery does not know of it: the job goes back to the checkpoint before, and what was committed is produced again.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'pending-checkpoint': {
        // announced without an entry, as only the one that ends the job may be
        guards: { syncSavepoint: ({ id }) => id % SAVEPOINT_EVERY === 0 },
      } satisfies Overrides<PendingCheckpoint>,
    },
  },
  oracles: ['coordination'],
  verdict: 'safety',
}
