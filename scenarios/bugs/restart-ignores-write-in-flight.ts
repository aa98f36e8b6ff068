import type { BugDefinition } from '../../src/check/index.ts'
import type { BarrierCoordinator } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const restartIgnoresWriteInFlight: BugDefinition = {
  id: 'restart-ignores-write-in-flight',
  title: 'A restart does not wait for a metadata write in flight',
  mechanism:
    'The job goes back to the newest checkpoint that is known, and the write makes a newer one durable for a history that has been left.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'checkpoint-coordinator': { guards: { writeInFlight: () => false } } satisfies Overrides<BarrierCoordinator>,
    },
  },
  oracles: ['recency'],
  verdict: 'safety',
}
