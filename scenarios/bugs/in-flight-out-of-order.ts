import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const inFlightOutOfOrder: BugDefinition = {
  id: 'in-flight-out-of-order',
  issue: 'FLINK-17564',
  title: 'Records in flight are written out of order',
  mechanism:
    'The task writes what lies in an input, the network what arrives there, and nobody lets the one wait for the other: what has just arrived is written before what came earlier.',
  scenario: 'keyed-state',
  protocol: 'unaligned',
  mutation: {
    parts: {
      placeInChannelState: (arriving, queued, written) => (arriving ? written - queued : written),
    } satisfies Partial<ClusterParts>,
  },
  oracles: ['in-flight'],
  verdict: 'safety',
}
