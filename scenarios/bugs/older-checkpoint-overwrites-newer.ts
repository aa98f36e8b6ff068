import type { BugDefinition } from '../../src/check/index.ts'
import type { ChannelStatePersister } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const olderCheckpointOverwritesNewer: BugDefinition = {
  id: 'older-checkpoint-overwrites-newer',
  issue: 'FLINK-20097',
  title: 'What an input knows of a newer checkpoint is overwritten by an older one',
  mechanism:
    'A late barrier or the end of an older checkpoint makes an input forget that it waits for the barrier of a newer one, or that this has come: records are missing in what is in flight, or lie in it although they came behind the barrier.',
  scenario: 'keyed-state',
  protocol: 'unaligned',
  mutation: {
    charts: {
      'channel-state-persister': { guards: { notOlder: () => true } } satisfies Overrides<ChannelStatePersister>,
    },
  },
  oracles: ['in-flight'],
  verdict: 'safety',
}
