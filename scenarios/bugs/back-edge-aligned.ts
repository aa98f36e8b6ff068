import type { BugDefinition } from '../../src/check/index.ts'
import type { BarriersCyclicTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const backEdgeAligned: BugDefinition = {
  id: 'back-edge-aligned',
  title: 'A back edge is aligned as any other input',
  mechanism:
    'The head of a loop waits for the barrier of its back edge before it sends its own, which is the one that would come round: it holds its other inputs back for ever.',
  scenario: 'ranking',
  protocol: 'barriers-cyclic',
  mutation: {
    charts: {
      'barriers-cyclic-task': {
        actions: {
          findBackEdges(task) {
            task.firstBackEdge = task.host.inputs
            task.open = task.host.inputs
            task.openBackEdges = 0
          },
        },
      } satisfies Overrides<BarriersCyclicTask>,
    },
  },
  oracles: ['progress'],
  verdict: 'liveness',
}
