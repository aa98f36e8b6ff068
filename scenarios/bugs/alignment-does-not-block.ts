import type { BugDefinition } from '../../src/check/index.ts'
import { P } from '../../src/model/index.ts'
import type { AlignedTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const alignmentDoesNotBlock: BugDefinition = {
  id: 'alignment-does-not-block',
  title: 'Alignment does not block',
  mechanism:
    'An input goes on being read behind its barrier while the others are waited for: these records are in the snapshot and are replayed as well.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'aligned-task': {
        actions: {
          align(task) {
            task.arrived += 1
            task.host.phase(P['barrier-received'])
          },
        },
      } satisfies Overrides<AlignedTask>,
    },
  },
  oracles: ['cut'],
  verdict: 'safety',
}
