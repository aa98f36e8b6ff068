import type { BugDefinition } from '../../src/check/index.ts'
import type { SplitEnumerator } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const assignmentInFlightAtSnapshot: BugDefinition = {
  id: 'assignment-in-flight-at-snapshot',
  issue: 'FLINK-21996',
  title: 'The enumerator takes its snapshot while an assignment is on its way',
  mechanism:
    'A checkpoint does not wait for the confirmation of a split that was sent: the enumerator has given it away, its reader takes the snapshot without it, and a restore loses it.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'split-enumerator': { guards: { assigning: () => false } } satisfies Overrides<SplitEnumerator>,
    },
  },
  oracles: ['splits'],
  verdict: 'safety',
}
