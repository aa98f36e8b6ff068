import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const dropsOneEmissionIn64: BugDefinition = {
  id: 'drops-one-emission-in-64',
  title: 'One emission in 64 is dropped',
  mechanism: 'Every 64th record that a task emits never gets into its channel.',
  scenario: 'everything',
  protocol: 'aligned',
  mutation: { parts: { sendsEmission: (n) => n % 64 !== 0 } satisfies Partial<ClusterParts> },
  oracles: ['delivery', 'cut'],
  verdict: 'safety',
}
