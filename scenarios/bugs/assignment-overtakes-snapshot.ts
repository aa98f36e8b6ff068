import type { BugDefinition } from '../../src/check/index.ts'
import type { SplitEnumerator } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const assignmentOvertakesSnapshot: BugDefinition = {
  id: 'assignment-overtakes-snapshot',
  issue: 'FLINK-28606',
  title: 'A split is assigned between the snapshots of the enumerator and of its reader',
  mechanism:
    'Events are not held back until the reader has taken its snapshot: a split that the enumerator has recorded as its own is in the state of the reader as well, and is read twice after a restore.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'split-enumerator': { guards: { gated: () => false } } satisfies Overrides<SplitEnumerator>,
    },
  },
  oracles: ['splits'],
  verdict: 'safety',
}
