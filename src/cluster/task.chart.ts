import { TASK_MESSAGES } from '../model/index.ts'
import { chart, ignore } from '../statechart/index.ts'
import type { Task } from './task.ts'

/** Life of an attempt. Flink: ExecutionState; CREATED and the terminal states are where a slot can take the next attempt. */
export const taskChart = chart<Task>()('task', {
  events: TASK_MESSAGES,
  root: {
    initial: 'boot',
    states: {
      boot: { on: { START: 'vacant.created' } },
      vacant: {
        initial: 'created',
        on: {
          DEPLOY: [{ guard: 'fresh', target: 'initializing', actions: 'fetch' }, {}],
          CANCEL: { actions: 'reportCancelled' },
          TERMINATE: { actions: 'disconnect' },
          ...ignore(
            'FETCHED',
            'WAKE',
            'TRIGGER',
            'NOTIFY_COMPLETE',
            'NOTIFY_ABORT',
            'ADD_SPLIT',
            'NO_MORE_SPLITS',
            'SERIALIZED',
            'PUT_DONE',
            'TIMER',
            'FAIL',
            'RECOVERED',
          ),
        },
        states: { created: {}, canceled: {}, failed: {} },
      },
      initializing: {
        initial: 'fetching',
        on: {
          CANCEL: { target: 'vacant.canceled', actions: ['halt', 'reportCancelled'] },
          TERMINATE: { target: 'vacant.canceled', actions: ['halt', 'disconnect'] },
          FAIL: { target: 'vacant.failed', actions: ['halt', 'reportFailure'] },
          ...ignore(
            'DEPLOY',
            'WAKE',
            'TRIGGER',
            'NOTIFY_COMPLETE',
            'NOTIFY_ABORT',
            'ADD_SPLIT',
            'NO_MORE_SPLITS',
            'SERIALIZED',
            'PUT_DONE',
            'TIMER',
          ),
        },
        states: {
          fetching: {
            on: {
              FETCHED: [
                { guard: 'fetchFailed', actions: 'fail' },
                { guard: 'moreToFetch', actions: 'fetchNext' },
                { target: 'recovering', actions: 'restore' },
              ],
              ...ignore('RECOVERED'),
            },
          },
          recovering: {
            on: {
              RECOVERED: [
                { guard: 'recovered', target: '#task.running', actions: 'start' },
                { actions: 'recoverNext' },
              ],
              WAKE: [{ guard: 'awaitsCredit', actions: 'recoverNext' }, {}],
              ...ignore('FETCHED'),
            },
          },
        },
      },
      running: {
        on: {
          WAKE: { actions: 'step' },
          TRIGGER: { actions: 'mailTrigger' },
          NOTIFY_COMPLETE: { actions: 'mailComplete' },
          NOTIFY_ABORT: { actions: 'mailAbort' },
          ADD_SPLIT: { actions: 'mailSplit' },
          NO_MORE_SPLITS: { actions: 'mailNoMoreSplits' },
          SERIALIZED: { actions: 'serialized' },
          PUT_DONE: { actions: 'stored' },
          TIMER: { actions: 'protocolTimer' },
          CANCEL: { target: 'vacant.canceled', actions: ['halt', 'reportCancelled'] },
          FAIL: { target: 'vacant.failed', actions: ['halt', 'reportFailure'] },
          TERMINATE: { target: 'vacant.canceled', actions: ['halt', 'disconnect'] },
          ...ignore('DEPLOY', 'FETCHED', 'RECOVERED'),
        },
      },
    },
  },
})
