import type { BugDefinition } from '../../src/check/index.ts'
import type { JobManager } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const lateFailureOfOldAttempt: BugDefinition = {
  id: 'late-failure-of-old-attempt',
  issue: 'FLINK-13593',
  title: 'A late failure of an old attempt restarts the new one',
  mechanism:
    'The job manager does not look at the attempt a failure comes from: a report that is late or comes twice brings down the execution after it.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'job-manager': { guards: { fromOldExecution: () => false } } satisfies Overrides<JobManager>,
    },
  },
  oracles: ['coordination'],
  verdict: 'safety',
}
