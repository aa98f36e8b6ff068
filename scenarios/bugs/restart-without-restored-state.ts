import type { BugDefinition } from '../../src/check/index.ts'
import type { JobManager } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const restartWithoutRestoredState: BugDefinition = {
  id: 'restart-without-restored-state',
  issue: 'FLINK-14389',
  title: 'Tasks are restarted before they are given the restored state',
  mechanism:
    'The checkpoint to go back to is read, but the tasks are deployed with the state that they were given when the job was first deployed.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'job-manager': {
        actions: {
          keepBasis(manager, basis) {
            if (manager.deployments === 0) manager.keepBasis(basis)
          },
        },
      } satisfies Overrides<JobManager>,
    },
  },
  oracles: ['recency'],
  verdict: 'safety',
}
