import type { BugDefinition } from '../../src/check/index.ts'
import type { PendingCheckpoint } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const ambiguousWriteThenDelete: BugDefinition = {
  id: 'ambiguous-write-then-delete',
  issue: 'FLINK-24543',
  title: 'A metadata write of unknown outcome is taken for failed',
  mechanism:
    'The write was applied, only its answer was lost; the coordinator does not read back and deletes the files of an entry that is in the store.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'pending-checkpoint': { guards: { outcomeUnknown: () => false } } satisfies Overrides<PendingCheckpoint>,
    },
  },
  oracles: ['storage'],
  verdict: 'safety',
}
