import type { BugDefinition } from '../../src/check/index.ts'
import type { Acceptor } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const acceptorForgetsPromise: BugDefinition = {
  id: 'acceptor-forgets-promise',
  title: 'An acceptor forgets its promise when it restarts',
  mechanism:
    'What it has promised is not on its disk, or is not read: after a crash it accepts the proposals of a leader that others have taken the place of, and two commands can be chosen in one slot.',
  scenario: 'ha-failover',
  protocol: 'aligned',
  store: 'paxos',
  mutation: {
    charts: { acceptor: { actions: { readPromise: () => {} } } satisfies Overrides<Acceptor> },
  },
  oracles: ['quorum'],
  verdict: 'safety',
}
