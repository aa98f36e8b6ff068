import type { BugDefinition } from '../../src/check/index.ts'
import type { JobManager } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const suspendedWhileRestarting: BugDefinition = {
  id: 'suspended-while-restarting',
  issue: 'FLINK-34518',
  title: 'A job that is suspended while it restarts counts as cancelled',
  mechanism:
    'All tasks of a job that restarts are cancelled; a leader that loses its leadership then takes that for the end of the job and deletes the high-availability data: the next leader finds no checkpoint, or loses those it has.',
  scenario: 'ha-failover',
  protocol: 'aligned',
  store: 'single',
  mutation: {
    charts: {
      'job-manager': {
        actions: {
          stepDown(manager, revoked) {
            if (manager.is('backingOff')) manager.cleanUp()
            manager.stepDown(revoked)
          },
        },
      } satisfies Overrides<JobManager>,
    },
  },
  oracles: ['recency'],
  verdict: 'safety',
}
