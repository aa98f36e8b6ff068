import type { BugDefinition } from '../../src/check/index.ts'
import { BARRIER, type TaskHost } from '../../src/model/index.ts'
import type { AsyncCheckpoint, SubtaskCheckpointCoordinator } from '../../src/protocols/index.ts'
import type { Overrides } from '../../src/statechart/index.ts'

export const markerAfterNextRecord: BugDefinition = {
  id: 'marker-after-next-record',
  title: 'Markers go out after the next records',
  mechanism:
    'Markers are sent when the bytes of the snapshot are ready, not at once: what the task emits meanwhile goes before them, so that receivers take it for sent before the snapshot.',
  scenario: 'keyed-state',
  protocol: 'chandy-lamport',
  mutation: {
    charts: {
      'subtask-checkpoint-coordinator': {
        actions: { sendBarrier() {} },
      } satisfies Overrides<SubtaskCheckpointCoordinator>,
      'async-checkpoint': {
        actions: {
          upload({ host, id }) {
            host.broadcast(BARRIER, id, false)
            host.upload(id)
            const { timer } = host as TaskHost
            timer.call(host, 0, 0, id)
          },
        },
      } satisfies Overrides<AsyncCheckpoint>,
    },
  },
  oracles: ['in-flight', 'cut'],
  verdict: 'safety',
}
