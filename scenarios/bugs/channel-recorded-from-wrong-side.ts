import type { BugDefinition } from '../../src/check/index.ts'
import type { ChandyLamportTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const channelRecordedFromWrongSide: BugDefinition = {
  id: 'channel-recorded-from-wrong-side',
  title: 'A channel is recorded from the snapshot of its sender on',
  mechanism:
    'The first marker starts the recording of its own channel, and the others are taken for empty: what is recorded was sent behind the cut, and what was in flight on the others is lost.',
  scenario: 'keyed-state',
  protocol: 'chandy-lamport',
  mutation: {
    charts: {
      'chandy-lamport-task': {
        actions: {
          recordInputs() {},
          stopInput(task, { a: checkpoint, b: input }) {
            task.host.recordInput(checkpoint, input)
          },
        },
      } satisfies Overrides<ChandyLamportTask>,
    },
  },
  oracles: ['in-flight'],
  verdict: 'safety',
}
