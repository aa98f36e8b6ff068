import type { BugDefinition } from '../../src/check/index.ts'
import type { BarrierCoordinator } from '../../src/protocols/index.ts'
import type { ChartEvent, Overrides } from '../../src/statechart/index.ts'

/** A checkpoint that ends in any way but by a failover lets the schedule go on. */
const goesOnAfter =
  (ending: 'stored' | 'resolved' | 'decline' | 'expire') =>
  (coordinator: BarrierCoordinator, event: ChartEvent): void => {
    coordinator[ending](event)
    const stopped = coordinator.schedule.next === Number.POSITIVE_INFINITY
    if (stopped && coordinator.pendingCheckpoints < coordinator.maxConcurrentCheckpoints)
      coordinator.schedule.postpone(0)
  }

export const scheduleStopsAfterFailover: BugDefinition = {
  id: 'schedule-stops-after-failover',
  issue: 'FLINK-13256',
  title: 'Periodic checkpoints stop after a failover',
  mechanism:
    'When as many checkpoints are on their way as may be, the periodic trigger is cancelled, and the end of one arms it again; a failover that aborts them does not, and no checkpoint is triggered any more.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {
    charts: {
      'checkpoint-coordinator': {
        actions: {
          rearm(coordinator, event) {
            if (coordinator.pendingCheckpoints < coordinator.maxConcurrentCheckpoints) coordinator.rearm(event)
            else coordinator.schedule.stop()
          },
          stored: goesOnAfter('stored'),
          resolved: goesOnAfter('resolved'),
          decline: goesOnAfter('decline'),
          expire: goesOnAfter('expire'),
          // a failover of tasks leaves the schedule alone
          stopSchedule: () => {},
          startSchedule(coordinator, event) {
            if (coordinator.schedule.begun === 0) coordinator.startSchedule(event)
            else coordinator.execution = event.a
          },
        },
      } satisfies Overrides<BarrierCoordinator>,
    },
  },
  oracles: ['progress'],
  verdict: 'liveness',
}
