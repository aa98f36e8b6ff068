import type { BugDefinition } from '../../src/check/index.ts'
import type { MetadataOperation } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const retriedWriteTakenForConflict: BugDefinition = {
  id: 'retried-write-taken-for-conflict',
  issue: 'FLINK-28265',
  title: 'A write that is tried again meets its own entry and takes it for that of somebody else',
  mechanism:
    'The answer to a write that was applied is lost, and the client tries again: that the entry is there already counts as a failure, and the files of a checkpoint that is in the store are deleted.',
  scenario: 'ha-failover',
  protocol: 'aligned',
  store: 'compare-and-set',
  mutation: {
    charts: {
      'metadata-operation': {
        actions: {
          answer(operation, heard) {
            if (operation.command.kind === 'add' && operation.meetsItself(heard)) operation.fail(heard)
            else operation.answer(heard)
          },
        },
      } satisfies Overrides<MetadataOperation>,
    },
  },
  oracles: ['storage'],
  verdict: 'safety',
}
