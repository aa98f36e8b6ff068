import { chart, ignore } from '../statechart/index.ts'
import type { UnalignedTask } from './unaligned-task.ts'

/** In-flight data begins to be written, on all inputs. */
const overtake = ['prioritizeAnnounced', 'initUnaligned', 'startPersisting'] as const
/** What ends a checkpoint that is aligning or waits for its first barrier. */
const giveUp = ['disarm', 'releaseAll'] as const
/** What ends one that has begun without alignment. */
const giveUpStarted = ['disarm', 'stopPersisting', 'releaseAll'] as const

/** The same whether barriers have been read or only announced. */
const alignedBarrier = [
  { guard: 'obsolete', actions: 'resume' },
  { guard: 'overtakes', target: '#unaligned-task.starting', actions: ['begin', 'receive', ...overtake] },
  {
    guard: 'last',
    target: '#unaligned-task.due',
    actions: ['begin', 'receive', 'block', 'initAligned', 'requestSnapshot'],
  },
  { guard: 'late', target: '#unaligned-task.starting', actions: ['begin', 'receive', 'block', ...overtake] },
  { target: '#unaligned-task.aligned.collecting', actions: ['begin', 'receive', 'block'] },
] as const

/**
 * One task whose barriers may overtake records, from the start or after a timeout. Flink: SingleCheckpointBarrierHandler,
 * unaligned and alternating, with its states AlternatingWaitingForFirstBarrier, AlternatingCollectingBarriers and the same two
 * `Unaligned`; what is there one call that triggers the task is here `starting` to `settling`.
 */
export const unalignedTaskChart = chart<UnalignedTask>()('unaligned-task', {
  events: [
    'START',
    'BARRIER',
    'ANNOUNCEMENT',
    'CANCEL',
    'SUPERSEDE',
    'END',
    'TIMEOUT',
    'TRIGGER',
    'SNAPSHOT_DUE',
    'SNAPSHOT_TAKEN',
  ],
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'idle' } },
      /** Nothing is pending here, and nothing stays here. */
      idle: {
        always: [
          { guard: 'alternates', target: 'aligned.waiting' },
          { guard: 'neverAligns', target: 'unaligned.waiting' },
        ],
      },
      aligned: {
        initial: 'waiting',
        on: {
          ANNOUNCEMENT: [{ guard: 'obsolete' }, { actions: ['begin', 'noteAnnouncement'] }],
          CANCEL: [
            { guard: 'cancels', target: '#unaligned-task.idle', actions: ['cancel', ...giveUp, 'abortCancelled'] },
            {},
          ],
          SUPERSEDE: { target: '#unaligned-task.idle', actions: ['cancel', ...giveUp, 'abortSuperseded'] },
        },
        states: {
          waiting: {
            on: {
              BARRIER: alignedBarrier,
              END: [
                { guard: 'nonePending', actions: 'close' },
                {
                  guard: 'endAborts',
                  target: '#unaligned-task.idle',
                  actions: ['close', 'cancel', ...giveUp, 'abortEnded'],
                },
                { actions: ['close', 'mark', 'finishInput'] },
              ],
              /** The first barrier will be read soon, before all records. */
              TIMEOUT: [
                { guard: 'undecided', target: '#unaligned-task.unaligned.waiting', actions: 'prioritizeAnnounced' },
                {},
              ],
              TRIGGER: [
                { guard: 'obsolete' },
                { target: '#unaligned-task.due', actions: ['begin', 'initTriggered', 'requestSnapshot'] },
              ],
              ...ignore('SNAPSHOT_DUE', 'SNAPSHOT_TAKEN'),
            },
          },
          collecting: {
            on: {
              BARRIER: alignedBarrier,
              END: [
                {
                  guard: 'endAborts',
                  target: '#unaligned-task.idle',
                  actions: ['close', 'cancel', ...giveUp, 'abortEnded'],
                },
                {
                  guard: 'last',
                  target: '#unaligned-task.due',
                  actions: ['close', 'mark', 'finishInput', 'initAligned', 'requestSnapshot'],
                },
                {
                  guard: 'late',
                  target: '#unaligned-task.starting',
                  actions: ['close', 'mark', 'finishInput', ...overtake],
                },
                { actions: ['close', 'mark', 'finishInput'] },
              ],
              TIMEOUT: [{ guard: 'undecided', target: '#unaligned-task.starting', actions: [...overtake] }, {}],
            },
          },
        },
      },
      unaligned: {
        initial: 'waiting',
        on: { ANNOUNCEMENT: [{ guard: 'obsolete' }, { actions: ['begin', 'prioritize'] }] },
        states: {
          /** Either barriers have been announced and have timed out, or nothing is ever aligned here. */
          waiting: {
            on: {
              BARRIER: [
                { guard: 'obsolete', actions: 'resume' },
                {
                  target: '#unaligned-task.starting',
                  actions: ['begin', 'receive', 'blockStopped', 'initUnaligned', 'startPersisting'],
                },
              ],
              CANCEL: [
                { guard: 'cancels', target: '#unaligned-task.idle', actions: ['cancel', ...giveUp, 'abortCancelled'] },
                {},
              ],
              SUPERSEDE: { target: '#unaligned-task.idle', actions: ['cancel', ...giveUp, 'abortSuperseded'] },
              END: [
                { guard: 'nonePending', actions: 'close' },
                {
                  guard: 'endAborts',
                  target: '#unaligned-task.idle',
                  actions: ['close', 'cancel', ...giveUp, 'abortEnded'],
                },
                { actions: ['close', 'mark', 'finishInput'] },
              ],
              ...ignore('TIMEOUT'),
            },
          },
          collecting: {
            on: {
              BARRIER: [
                { guard: 'obsolete', actions: 'resume' },
                { guard: 'last', target: '#unaligned-task.settling', actions: ['receive', 'blockStopped'] },
                { actions: ['receive', 'blockStopped'] },
              ],
              CANCEL: [
                {
                  guard: 'cancels',
                  target: '#unaligned-task.idle',
                  actions: ['cancel', ...giveUpStarted, 'abortCancelled'],
                },
                {},
              ],
              SUPERSEDE: { target: '#unaligned-task.idle', actions: ['cancel', ...giveUpStarted, 'abortSuperseded'] },
              END: [
                {
                  guard: 'endAborts',
                  target: '#unaligned-task.idle',
                  actions: ['close', 'cancel', ...giveUpStarted, 'abortEnded'],
                },
                { guard: 'last', target: '#unaligned-task.settling', actions: ['close', 'mark', 'finishInput'] },
                { actions: ['close', 'mark', 'finishInput'] },
              ],
              ...ignore('TIMEOUT'),
            },
          },
        },
      },
      /** All inputs have been told to persist; one that has received a newer barrier refuses. */
      starting: {
        always: [
          { guard: 'refused', target: 'idle', actions: ['giveUpRefused', ...giveUp, 'abortRefused'] },
          { guard: 'started', target: 'due', actions: 'requestSnapshot' },
        ],
      },
      due: {
        on: {
          SNAPSHOT_DUE: { target: 'triggering', actions: 'trigger' },
          ...ignore('TIMEOUT'),
        },
      },
      triggering: {
        always: [
          { guard: 'taken', target: 'snapshotting' },
          { guard: 'notTaken', target: 'settling' },
        ],
      },
      snapshotting: {
        on: {
          SNAPSHOT_TAKEN: { target: 'settling', actions: 'startAsync' },
          ...ignore('TIMEOUT'),
        },
      },
      settling: {
        always: [
          { guard: 'incomplete', target: 'unaligned.collecting' },
          {
            guard: 'completeUnaligned',
            target: 'idle',
            actions: ['stopPersisted', 'releaseAll', 'complete', 'disarm'],
          },
          { guard: 'completeAligned', target: 'idle', actions: ['releaseAll', 'complete', 'disarm'] },
        ],
      },
    },
  },
})
