import type { BugDefinition } from '../../src/check/index.ts'
import type { ChannelStatePersister } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const obsoleteBarrierTakenForBoundary: BugDefinition = {
  id: 'obsolete-barrier-taken-for-boundary',
  issue: 'FLINK-21104',
  title: 'An obsolete barrier is taken for that of the next checkpoint',
  mechanism:
    'An input keeps the barrier of a checkpoint that is over, and takes it for that of the next one when that begins by the barrier of another input: what lies behind the obsolete barrier is not written.',
  scenario: 'keyed-state',
  protocol: 'aligned-timeout',
  mutation: {
    charts: {
      'channel-state-persister': {
        actions: { forgetOlderBarrier: () => {} },
      } satisfies Overrides<ChannelStatePersister>,
    },
  },
  oracles: ['in-flight'],
  verdict: 'safety',
}
