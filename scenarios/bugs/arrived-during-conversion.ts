import type { BugDefinition } from '../../src/check/index.ts'
import type { ClusterParts } from '../../src/cluster/index.ts'

export const arrivedDuringConversion: BugDefinition = {
  id: 'arrived-during-conversion',
  issue: 'FLINK-38544',
  title: 'What arrives while recovered inputs are converted is lost',
  mechanism:
    'After a rescale the task has read what was in flight and lets go of the inputs that held it, a moment before the channels themselves take their place: a record that arrives in between goes to an input that nobody reads.',
  scenario: 'rescaled-state',
  protocol: 'unaligned',
  mutation: {
    parts: { survivesConversion: (dealtOut) => !dealtOut } satisfies Partial<ClusterParts>,
  },
  oracles: ['delivery', 'cut', 'in-flight'],
  verdict: 'safety',
}
