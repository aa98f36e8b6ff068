import { JOB_MANAGER_MESSAGES } from '../model/index.ts'
import { chart, ignore } from '../statechart/index.ts'
import type { JobManager } from './job-manager.ts'

/** The job, from election to its end. Flink: JobStatus with the default scheduler's restart. */
export const jobManagerChart = chart<JobManager>()('job-manager', {
  events: JOB_MANAGER_MESSAGES,
  root: {
    initial: 'boot',
    // whoever does not run takes the new number of slots when it deploys
    on: {
      REGISTER: { actions: 'register' },
      REVOKED: { target: '.revoked', actions: 'stepDown' },
      ...ignore('RESCALE', 'GRANTED'),
    },
    states: {
      boot: { on: { START: 'campaigning' } },
      campaigning: {
        entry: 'campaign',
        on: {
          GRANTED: [
            { guard: 'jobIsOver', target: 'finished' },
            { target: 'recovering', actions: 'lead' },
          ],
          LOST: { actions: 'unregister' },
        },
      },
      /** A new leader reads the store. */
      recovering: {
        on: {
          BASIS: [
            { guard: 'allRegistered', target: 'deploying', actions: ['keepBasis', 'deploy'] },
            { target: 'waitingForSlots', actions: 'keepBasis' },
          ],
          LOST: { actions: 'unregister' },
          ...ignore('FAILED', 'CANCELLED', 'FINISHED', 'RUNNING'),
        },
      },
      waitingForSlots: {
        entry: 'waitForSlots',
        on: {
          REGISTER: [
            { guard: 'lastToRegister', target: 'deploying', actions: ['register', 'deploy'] },
            { actions: 'register' },
          ],
          SLOTS: [{ guard: 'anyRegistered', target: 'deploying', actions: 'deploy' }, { actions: 'waitForSlots' }],
          LOST: { actions: 'unregister' },
          ...ignore('FAILED', 'CANCELLED', 'FINISHED', 'RUNNING'),
        },
      },
      deploying: {
        on: {
          RUNNING: [
            { guard: 'oldOrKnown' },
            { guard: 'lastToRun', target: 'running', actions: ['markRunning', 'startCheckpoints'] },
            { actions: 'markRunning' },
          ],
          FAILED: [
            { guard: 'fromOldExecution' },
            { guard: 'mayRestart', target: 'cancelling', actions: 'restartAfterFailure' },
            { target: 'failed', actions: 'giveUp' },
          ],
          LOST: [
            { guard: 'hostsNothing', actions: 'unregister' },
            { guard: 'mayRestart', target: 'cancelling', actions: ['unregister', 'restartAfterLoss'] },
            { target: 'failed', actions: 'giveUp' },
          ],
          FINISHED: { actions: 'markFinished' },
          RESCALE: [{ guard: 'asWanted' }, { target: 'cancelling', actions: 'restartRescaled' }],
          ...ignore('CANCELLED', 'SLOTS', 'FAIL_JOB'),
        },
      },
      running: {
        on: {
          FAILED: [
            { guard: 'fromOldExecution' },
            { guard: 'mayRestart', target: 'cancelling', actions: 'restartAfterFailure' },
            { target: 'failed', actions: 'giveUp' },
          ],
          LOST: [
            { guard: 'hostsNothing', actions: 'unregister' },
            { guard: 'mayRestart', target: 'cancelling', actions: ['unregister', 'restartAfterLoss'] },
            { target: 'failed', actions: 'giveUp' },
          ],
          FAIL_JOB: [
            { guard: 'otherExecution' },
            { guard: 'mayRestart', target: 'cancelling', actions: 'restartAfterCheckpoints' },
            { target: 'failed', actions: 'giveUp' },
          ],
          FINISHED: [
            { guard: 'oldOrFinished' },
            { guard: 'lastToFinish', target: 'finished', actions: 'finish' },
            { actions: 'markFinished' },
          ],
          RESCALE: [{ guard: 'asWanted' }, { target: 'cancelling', actions: 'restartRescaled' }],
          ...ignore('RUNNING', 'CANCELLED', 'SLOTS'),
        },
      },
      cancelling: {
        always: { guard: 'allGone', target: 'backingOff' },
        on: {
          CANCELLED: [{ guard: 'unknownAttempt' }, { actions: 'markGone' }],
          FAILED: [{ guard: 'unknownAttempt' }, { actions: 'markGone' }],
          LOST: { actions: ['unregister', 'markHostGone'] },
          ...ignore('RUNNING', 'FINISHED', 'FAIL_JOB', 'SLOTS'),
        },
      },
      backingOff: {
        entry: 'backOff',
        on: {
          BACKOFF: { target: 'restoring', actions: 'askBasis' },
          LOST: { actions: 'unregister' },
          ...ignore('FAILED', 'CANCELLED', 'RUNNING', 'FINISHED', 'FAIL_JOB', 'SLOTS'),
        },
      },
      restoring: {
        on: {
          BASIS: [
            { guard: 'allRegistered', target: 'deploying', actions: ['keepBasis', 'deploy'] },
            { target: 'waitingForSlots', actions: 'keepBasis' },
          ],
          LOST: { actions: 'unregister' },
          ...ignore('FAILED', 'CANCELLED', 'RUNNING', 'FINISHED', 'FAIL_JOB', 'SLOTS'),
        },
      },
      /** Another one leads: what still comes is for a process that is about to end. */
      revoked: {
        on: {
          ...ignore(
            'BASIS',
            'LOST',
            'RUNNING',
            'FAILED',
            'CANCELLED',
            'FINISHED',
            'BACKOFF',
            'SLOTS',
            'FAIL_JOB',
            'REVOKED',
          ),
        },
      },
      finished: {
        on: { ...ignore('RUNNING', 'FAILED', 'LOST', 'CANCELLED', 'FINISHED', 'FAIL_JOB', 'SLOTS', 'BACKOFF') },
      },
      failed: {
        on: { ...ignore('RUNNING', 'FAILED', 'LOST', 'CANCELLED', 'FINISHED', 'FAIL_JOB', 'SLOTS', 'BACKOFF') },
      },
    },
  },
})
