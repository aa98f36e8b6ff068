import { chart, ignore } from '../statechart/index.ts'
import type { BarriersCyclicTask } from './barriers-cyclic-task.ts'

/** A barrier that has come round ends what is logged of its edge. */
const comesRound = [
  { guard: 'endsLog', actions: ['abortOvertaken', 'receive', 'stopLogging', 'closeLog'] },
  { guard: 'isLogged', actions: ['abortOvertaken', 'receive', 'stopLogging'] },
  { guard: 'onBackEdge', actions: 'abortOvertaken' },
] as const
const dropLog = { guard: 'isLogged', actions: ['abortCancelled', 'closeLog'] } as const

/**
 * One task under barriers that go round loops. Carbone et al. 2015, Algorithm 2. The snapshot itself has a chart of its own
 * (subtask-checkpoint-coordinator). Without back edges it does what aligned-task does.
 */
export const barriersCyclicTaskChart = chart<BarriersCyclicTask>()('barriers-cyclic-task', {
  events: ['START', 'BARRIER', 'CANCEL', 'ABORT', 'END', 'TRIGGER', 'SNAPSHOT_DUE', 'SNAPSHOT_TAKEN', 'LATE'],
  root: {
    initial: 'boot',
    on: {
      ABORT: [{ guard: 'isLogged', actions: ['noteAbort', 'closeLog'] }, { actions: 'noteAbort' }],
      LATE: { actions: 'logBackEdges' },
    },
    states: {
      boot: { on: { START: { target: 'waiting', actions: 'findBackEdges' } } },
      waiting: {
        on: {
          BARRIER: [
            ...comesRound,
            { guard: 'obsolete', actions: 'resume' },
            { guard: 'last', target: 'due', actions: ['begin', 'align', 'requestSnapshot'] },
            { target: 'aligning', actions: ['begin', 'align'] },
          ],
          CANCEL: [dropLog, { guard: 'cancelsNewer', actions: ['cancel', 'abortCancelled'] }, {}],
          END: [{ guard: 'onBackEdge', actions: 'endBackEdge' }, { actions: 'close' }],
          TRIGGER: [{ guard: 'obsolete' }, { target: 'due', actions: ['begin', 'requestSnapshot'] }],
          ...ignore('SNAPSHOT_DUE', 'SNAPSHOT_TAKEN'),
        },
      },
      /** Of the other inputs, some have had their barrier and are held back. Back edges are read on. */
      aligning: {
        on: {
          BARRIER: [
            ...comesRound,
            { guard: 'obsolete', actions: 'resume' },
            { guard: 'newer', actions: ['releaseAll', 'abortSuperseded', 'begin', 'align'] },
            { guard: 'last', target: 'due', actions: ['align', 'requestSnapshot'] },
            { actions: 'align' },
          ],
          CANCEL: [
            dropLog,
            { guard: 'cancels', target: 'waiting', actions: ['cancel', 'releaseAll', 'abortCancelled'] },
            {},
          ],
          END: [
            { guard: 'onBackEdge', actions: 'endBackEdge' },
            { guard: 'last', target: 'due', actions: ['close', 'alignEnded', 'requestSnapshot'] },
            { actions: ['close', 'alignEnded'] },
          ],
        },
      },
      due: { on: { SNAPSHOT_DUE: { target: 'triggering', actions: 'trigger' } } },
      triggering: {
        always: [
          { guard: 'accepted', target: 'snapshotting' },
          { guard: 'refused', target: 'waiting', actions: 'releaseAll' },
        ],
      },
      /** The log begins where the copy of the state ends. */
      snapshotting: {
        on: { SNAPSHOT_TAKEN: { target: 'waiting', actions: ['openLog', 'startAsync', 'releaseAll'] } },
      },
    },
  },
})
