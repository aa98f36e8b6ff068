import type { BugDefinition } from '../../src/check/index.ts'
import type { AlignedTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const snapshotOnFirstBarrier: BugDefinition = {
  id: 'snapshot-on-first-barrier',
  title: 'A task takes its snapshot on the first barrier',
  mechanism:
    'It does not wait for the other inputs: what comes on them before their barriers is in no state and is not replayed.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'aligned-task': { guards: { last: () => true } } satisfies Overrides<AlignedTask>,
    },
  },
  oracles: ['cut'],
  verdict: 'safety',
}
