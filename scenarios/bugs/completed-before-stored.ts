import type { BugDefinition } from '../../src/check/index.ts'
import type { PendingCheckpoint } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const completedBeforeStored: BugDefinition = {
  id: 'completed-before-stored',
  issue: 'FLINK-31077',
  title: 'A checkpoint is announced before it is stored',
  mechanism:
    'Completion is announced when the last acknowledgement is in, while the entry is still being written: what is committed on it is not covered if the write fails.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'pending-checkpoint': {
        actions: {
          writeMetadata(checkpoint, ack) {
            checkpoint.writeMetadata(ack)
            checkpoint.announce(ack)
          },
          announce: () => {},
        },
      } satisfies Overrides<PendingCheckpoint>,
    },
  },
  oracles: ['coordination'],
  verdict: 'safety',
}
