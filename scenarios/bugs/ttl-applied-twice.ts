import type { BugDefinition } from '../../src/check/index.ts'
import type { OperatorParts } from '../../src/dataflow/index.ts'

export const ttlAppliedTwice: BugDefinition = {
  id: 'ttl-applied-twice',
  title: 'The time to live is taken off twice',
  mechanism:
    'The time of expiry is taken for the time of the last touch, so that the time to live counts twice and state is gone at once.',
  scenario: 'order-payments',
  protocol: 'aligned',
  mutation: {
    parts: {
      ttlExpired: (touchedMs, ttlMs, nowMs) => touchedMs + ttlMs - ttlMs <= nowMs,
    } satisfies Partial<OperatorParts>,
  },
  oracles: ['state'],
  verdict: 'safety',
}
