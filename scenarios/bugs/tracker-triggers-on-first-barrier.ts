import type { BugDefinition } from '../../src/check/index.ts'
import type { AtLeastOnceTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const trackerTriggersOnFirstBarrier: BugDefinition = {
  id: 'tracker-triggers-on-first-barrier',
  title: 'Without alignment, the first barrier is enough',
  mechanism:
    'At least once, no input has to be blocked, but all barriers have to be waited for: what comes on the other inputs before theirs is in no state and is not replayed.',
  scenario: 'keyed-state',
  protocol: 'at-least-once',
  mutation: {
    charts: {
      'at-least-once-task': { guards: { last: () => true } } satisfies Overrides<AtLeastOnceTask>,
    },
  },
  oracles: ['cut'],
  verdict: 'safety',
}
