import type { BugDefinition } from '../../src/check/index.ts'
import type { VersionedObject } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const counterWrittenWithoutVersion: BugDefinition = {
  id: 'counter-written-without-version',
  title: 'The counter of checkpoint ids is written without the version that was read',
  mechanism:
    'What another job manager has drawn since then goes unnoticed, as with version -1 in ZooKeeper: a leader that was replaced and the one that has replaced it give the same id to two checkpoints.',
  scenario: 'ha-failover',
  protocol: 'aligned',
  store: 'compare-and-set',
  mutation: {
    charts: {
      'versioned-object': {
        guards: {
          isOutdated: (object, write) => object.commandOf(write).kind !== 'draw-id' && object.isOutdated(write),
        },
      } satisfies Overrides<VersionedObject>,
    },
  },
  oracles: ['linearizability'],
  verdict: 'safety',
}
