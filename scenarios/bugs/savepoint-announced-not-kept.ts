import type { BugDefinition } from '../../src/check/index.ts'
import type { PendingCheckpoint } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'
import keyedState from '../keyed-state.ts'
import { withSavepoints } from '../with-savepoints.ts'

export const savepointAnnouncedNotKept: BugDefinition = {
  id: 'savepoint-announced-not-kept',
  issue: 'FLINK-10354',
  title: 'A savepoint is announced but not kept in the store',
  mechanism:
    'Sinks commit what the savepoint covers, but a recovery does not know of it: the job goes back to the checkpoint before, and what was committed is produced again.',
  scenario: 'keyed-state',
  variant: withSavepoints(keyedState),
  protocol: 'aligned',
  mutation: {
    charts: {
      'pending-checkpoint': {
        // announced without an entry, as only the one that ends the job may be
        guards: { savepoint: () => false, syncSavepoint: (checkpoint, ack) => checkpoint.savepoint(ack) },
      } satisfies Overrides<PendingCheckpoint>,
    },
  },
  oracles: ['coordination'],
  verdict: 'safety',
}
