import type { BugDefinition } from '../../src/check/index.ts'
import type { Proposer } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const leaseTrustedAcrossDrift: BugDefinition = {
  id: 'lease-trusted-across-drift',
  title: 'A lease is trusted although clocks drift',
  mechanism:
    'The leader of the quorum relies on its lease for as long, by its own clock, as the others keep it by theirs: if its clock is slow, somebody else leads already, and what it answers from its own state is stale.',
  scenario: 'ha-failover',
  protocol: 'aligned',
  store: 'paxos',
  mutation: {
    charts: {
      proposer: {
        guards: {
          readsUnderLease: (proposer, request) =>
            proposer.mayRead(request) && proposer.clockUs() < proposer.leaseFrom + proposer.leaseUs(),
        },
      } satisfies Overrides<Proposer>,
    },
  },
  oracles: ['quorum', 'linearizability'],
  verdict: 'safety',
}
