import type { BugDefinition } from '../../src/check/index.ts'

export const restartFromEmpty: BugDefinition = {
  id: 'restart-from-empty',
  title: 'The job restarts from empty although a checkpoint exists',
  mechanism: 'Recovery does not look into the store: all state is lost, all input is read again.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: { parts: { recover: () => null } },
  oracles: ['recency'],
  verdict: 'safety',
}
