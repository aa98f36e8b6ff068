import type { BugDefinition } from '../../src/check/index.ts'
import type { ChandyLamportTask } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const recordingStoppedByAnotherMarker: BugDefinition = {
  id: 'recording-stopped-by-another-marker',
  title: "Recording is stopped by another checkpoint's marker",
  mechanism:
    'Two checkpoints record the same input, and a marker of either stops both: what comes between the two markers is missing in the newer one.',
  scenario: 'keyed-state',
  protocol: 'chandy-lamport',
  mutation: {
    charts: {
      'chandy-lamport-task': {
        actions: {
          stopInput({ recording: { counts }, host }, { b: input }) {
            for (let place = 0; place < counts.length; place += 1) host.stopRecording(counts.ids.at(place), input)
          },
        },
      } satisfies Overrides<ChandyLamportTask>,
    },
  },
  oracles: ['in-flight'],
  verdict: 'safety',
}
