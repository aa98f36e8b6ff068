import type { BugDefinition } from '../../src/check/index.ts'
import type { BarriersCyclicTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

/** Until the log is ready: time for a few records. */
const READY_US = 50_000

export const logBeginsLate: BugDefinition = {
  id: 'log-begins-late',
  title: 'The log of a back edge begins after the copy of the state',
  mechanism:
    'The head of a loop copies its state and goes on, and begins to log what comes round a little later: what has come in between is neither in the copy nor in the log, and a restore loses it.',
  scenario: 'ranking',
  protocol: 'barriers-cyclic',
  mutation: {
    charts: {
      'barriers-cyclic-task': {
        actions: {
          openLog(task, snapshot) {
            if (task.openBackEdges === 0) return
            task.logs.begin(snapshot.a, task.openBackEdges)
            task.host.timer(READY_US, 0, snapshot.a)
          },
        },
      } satisfies Overrides<BarriersCyclicTask>,
    },
  },
  oracles: ['in-flight', 'cut'],
  verdict: 'safety',
}
