import type { BugDefinition } from '../../src/check/index.ts'
import type { Proposer } from '../../src/cluster/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const majorityOfDuplicates: BugDefinition = {
  id: 'majority-of-duplicates',
  title: 'A majority is counted with duplicates',
  mechanism:
    'Acceptances are counted, not who has sent them: a message that comes twice, or again because the first one was taken for lost, makes a majority of a minority.',
  scenario: 'ha-failover',
  protocol: 'aligned',
  store: 'paxos',
  mutation: {
    charts: {
      proposer: {
        actions: {
          countAcceptance(proposer, { b: slot }) {
            const counted = proposer.acceptancesOf(slot)
            proposer.addAcceptances(slot, counted + 1) // the lowest bit that is not set yet
          },
        },
      } satisfies Overrides<Proposer>,
    },
  },
  oracles: ['quorum'],
  verdict: 'safety',
}
