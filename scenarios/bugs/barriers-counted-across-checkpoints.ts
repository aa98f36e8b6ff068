import type { BugDefinition } from '../../src/check/index.ts'
import type { AtLeastOnceTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

/** Barriers that have come of all checkpoints on their way. */
function barriersOf({ pending }: AtLeastOnceTask): number {
  let barriers = 0
  for (let place = 0; place < pending.length; place += 1) barriers += pending.countAt(place)
  return barriers
}

export const barriersCountedAcrossCheckpoints: BugDefinition = {
  id: 'barriers-counted-across-checkpoints',
  title: 'Barriers are counted without a look at their checkpoint',
  mechanism:
    'With two checkpoints on their way, two barriers of the input that is ahead are taken for one of each input: the snapshot of the newer one lacks what the slower input still brings before its barrier.',
  scenario: 'keyed-state',
  protocol: 'at-least-once',
  mutation: {
    charts: {
      'at-least-once-task': {
        guards: { last: (task) => barriersOf(task) + 1 >= task.open },
      } satisfies Overrides<AtLeastOnceTask>,
    },
  },
  oracles: ['cut'],
  verdict: 'safety',
}
