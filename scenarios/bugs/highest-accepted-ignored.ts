import type { BugDefinition } from '../../src/check/index.ts'
import type { Proposer } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const highestAcceptedIgnored: BugDefinition = {
  id: 'highest-accepted-ignored',
  title: 'A proposer ignores what was accepted under the highest ballot',
  mechanism:
    'A new leader of the quorum has the promises of a majority and proposes what it likes, although one of the promises says that something has been accepted, and may have been chosen: a checkpoint that was acknowledged as complete is not in the log any more.',
  scenario: 'ha-failover',
  protocol: 'aligned',
  store: 'paxos',
  mutation: {
    charts: { proposer: { actions: { takeOver: () => {} } } satisfies Overrides<Proposer> },
  },
  oracles: ['quorum', 'linearizability', 'recency', 'coordination'],
  verdict: 'safety',
}
