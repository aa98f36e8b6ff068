import { chart } from '../statechart/index.ts'
import type { ChandyLamportTask } from './chandy-lamport-task.ts'

/**
 * One task that takes part in distributed snapshots. Chandy and Lamport 1985, Marker-Sending Rule and Marker-Receiving Rule. The
 * snapshot itself has a chart of its own (subtask-checkpoint-coordinator).
 */
export const chandyLamportTaskChart = chart<ChandyLamportTask>()('chandy-lamport-task', {
  events: ['START', 'MARKER', 'CANCEL', 'ABORT', 'END', 'TRIGGER', 'SNAPSHOT_DUE', 'SNAPSHOT_TAKEN'],
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'reading' } },
      /** Everything is read, and what belongs to a cut is recorded besides. */
      reading: {
        on: {
          MARKER: [
            {
              guard: 'news',
              target: 'due',
              actions: ['abortOvertaken', 'begin', 'recordInputs', 'receive', 'stopInput', 'requestSnapshot'],
            },
            { guard: 'last', actions: ['abortOvertaken', 'receive', 'stopInput', 'complete'] },
            { guard: 'recorded', actions: ['abortOvertaken', 'receive', 'stopInput'] },
            {}, // complete or given up: it says nothing any more
          ],
          TRIGGER: [{ guard: 'news', target: 'due', actions: ['begin', 'recordInputs', 'requestSnapshot'] }, {}],
          CANCEL: [
            { guard: 'recorded', actions: ['abortCancelled', 'forget'] },
            { guard: 'news', actions: 'abortCancelled' },
            {},
          ],
          ABORT: [{ guard: 'recorded', actions: ['noteAbort', 'forget'] }, { actions: 'noteAbort' }],
          END: { actions: 'endInput' },
        },
      },
      due: { on: { SNAPSHOT_DUE: { target: 'triggering', actions: 'trigger' } } },
      triggering: {
        always: [
          { guard: 'accepted', target: 'snapshotting' },
          { guard: 'refused', target: 'reading', actions: 'forgetNewest' },
        ],
      },
      snapshotting: { on: { SNAPSHOT_TAKEN: { target: 'settling', actions: 'startAsync' } } },
      settling: {
        always: [
          { guard: 'nothingToRecord', target: 'reading', actions: 'completeNewest' },
          { guard: 'somethingToRecord', target: 'reading' },
        ],
      },
    },
  },
})
