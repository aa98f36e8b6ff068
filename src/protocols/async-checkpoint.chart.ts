import { chart } from '../statechart/index.ts'
import type { AsyncCheckpoint } from './async-checkpoint.ts'

/**
 * The asynchronous part of one snapshot. What is discarded still runs to its end, and nobody hears of it: whatever it has
 * stored by then is deleted. Flink: AsyncCheckpointRunnable with its states RUNNING, COMPLETED and DISCARDED. `boot`: the slot is
 * free.
 */
export const asyncCheckpointChart = chart<AsyncCheckpoint>()('async-checkpoint', {
  events: ['START', 'SERIALIZED', 'STORED', 'FAILED', 'CANCEL'],
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'running' } },
      running: {
        initial: 'serializing',
        on: { FAILED: [{ guard: 'taskRuns', target: 'boot', actions: 'decline' }, { target: 'boot' }] },
        states: {
          serializing: {
            on: {
              SERIALIZED: { target: 'storing', actions: 'upload' },
              CANCEL: { target: '#async-checkpoint.discarded.serializing', actions: 'reportIncomplete' },
            },
          },
          storing: {
            on: {
              STORED: { target: '#async-checkpoint.boot', actions: 'acknowledge' },
              CANCEL: { target: '#async-checkpoint.discarded.storing', actions: 'reportIncomplete' },
            },
          },
        },
      },
      discarded: {
        initial: 'serializing',
        states: {
          serializing: { on: { SERIALIZED: '#async-checkpoint.boot', FAILED: '#async-checkpoint.boot' } },
          storing: {
            on: {
              STORED: { target: '#async-checkpoint.boot', actions: 'discardFile' },
              FAILED: { target: '#async-checkpoint.boot', actions: 'discardFile' },
            },
          },
        },
      },
    },
  },
})
