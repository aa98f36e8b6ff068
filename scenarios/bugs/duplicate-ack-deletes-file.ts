import type { BugDefinition } from '../../src/check/index.ts'
import type { BarrierCoordinator } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const duplicateAckDeletesFile: BugDefinition = {
  id: 'duplicate-ack-deletes-file',
  title: 'The second copy of an acknowledgement deletes a stored file',
  mechanism:
    'An acknowledgement of a checkpoint that is over is taken for a late one, and its file is discarded although the completed checkpoint needs it.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'checkpoint-coordinator': { guards: { referenced: () => false } } satisfies Overrides<BarrierCoordinator>,
    },
  },
  oracles: ['storage'],
  verdict: 'safety',
}
