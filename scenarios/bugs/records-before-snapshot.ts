import type { BugDefinition } from '../../src/check/index.ts'
import type { AlignedTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

/** Until the mailbox gets its turn: time for a few records. */
const TURN_US = 50_000

export const recordsBeforeSnapshot: BugDefinition = {
  id: 'records-before-snapshot',
  issue: 'FLINK-17568',
  title: 'Records behind the barrier are processed before the snapshot',
  mechanism:
    'The inputs are released when the last barrier arrives, but the snapshot waits for its turn in the mailbox: what is read in between is in it and is replayed as well.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'aligned-task': {
        actions: {
          requestSnapshot(task, barrier) {
            task.releaseAll()
            task.host.timer(TURN_US, 0, barrier.a)
          },
        },
      } satisfies Overrides<AlignedTask>,
    },
  },
  oracles: ['cut'],
  verdict: 'safety',
}
