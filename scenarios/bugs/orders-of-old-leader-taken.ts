import type { BugDefinition } from '../../src/check/index.ts'
import type { TaskManager } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const ordersOfOldLeaderTaken: BugDefinition = {
  id: 'orders-of-old-leader-taken',
  title: 'A task manager still takes orders of a leader that it has left',
  mechanism:
    'A job manager that does not know yet that it was replaced gives the task manager up, which ends the tasks of the new leader: that one is not told, and waits for them for ever.',
  scenario: 'ha-failover',
  protocol: 'aligned',
  store: 'single',
  mutation: {
    charts: {
      'task-manager': {
        guards: { outdated: (manager, { b }) => b !== manager.incarnation },
      } satisfies Overrides<TaskManager>,
    },
  },
  oracles: ['progress'],
  verdict: 'liveness',
}
