import type { BugDefinition } from '../../src/check/index.ts'
import type { BarriersCyclicTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const logEndsAtFirstBarrier: BugDefinition = {
  id: 'log-ends-at-first-barrier',
  title: 'The log ends before the barrier of the back edge',
  mechanism:
    'The first barrier that comes round ends the log of all back edges: what still comes before the barrier of another one was sent before the snapshot there and read after it here, and a restore loses it.',
  scenario: 'ranking',
  protocol: 'barriers-cyclic',
  mutation: {
    charts: {
      'barriers-cyclic-task': {
        guards: { endsLog: (task, barrier) => task.isLogged(barrier) },
      } satisfies Overrides<BarriersCyclicTask>,
    },
  },
  oracles: ['in-flight', 'cut'],
  verdict: 'safety',
}
