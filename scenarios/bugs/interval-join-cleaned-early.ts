import type { BugDefinition } from '../../src/check/index.ts'
import type { OperatorParts } from '../../src/dataflow/index.ts'

export const intervalJoinCleanedEarly: BugDefinition = {
  id: 'interval-join-cleaned-early',
  title: 'An interval join drops its buffer one millisecond early',
  mechanism:
    'The buffered element is dropped when the watermark is still one below its last partner: a payment at the very end of the interval finds no order.',
  scenario: 'order-payments',
  protocol: 'aligned',
  mutation: {
    parts: {
      intervalJoinCleanupMs: (timestampMs, upperMs) => timestampMs + Math.max(0, upperMs) - 1,
    } satisfies Partial<OperatorParts>,
  },
  oracles: ['invariant', 'state'],
  verdict: 'safety',
}
