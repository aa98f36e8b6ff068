/** All figures of a job that a dump gives, each with where it came from. */
import { inferArrival } from './infer-arrival.ts'
import { bottleneckOf, inferCapacity } from './infer-capacity.ts'
import { type CheckpointFigures, inferCheckpoints } from './infer-checkpoints.ts'
import { inferDowntime } from './infer-downtime.ts'
import { type FailureFigures, inferFailures } from './infer-failures.ts'
import { type Inferred, known, mean, unknown } from './inferred.ts'
import type { JobDump, VertexDump } from './job-dump.ts'

/** Figures that the user gives because the dump cannot tell, or tells wrong. */
export interface GivenFigures {
  readonly arrivalPerSecond?: number | undefined
  readonly capacityPerSecond?: number | undefined
  readonly downtimeMs?: number | undefined
  readonly mtbfMs?: number | undefined
}

export interface TwinFigures extends CheckpointFigures, FailureFigures {
  readonly arrivalPerSecond: Inferred
  /** In records of the sources. */
  readonly capacityPerSecond: Inferred
  /** Arrival over capacity; at 1 or above the job falls behind. */
  readonly utilisation: Inferred
  /** Of an exception in a task. */
  readonly downtimeMs: Inferred
  /** Of a TaskManager that is killed. */
  readonly taskManagerDowntimeMs: Inferred
  readonly bottleneck: VertexDump | null
}

export function twinFigures(dump: JobDump, earlier: JobDump | null, given: GivenFigures): TwinFigures {
  const bottleneck = bottleneckOf(dump)
  const arrival = inferArrival({ dump, earlier, bottleneck, given: given.arrivalPerSecond })
  const capacity = inferCapacity({ dump, earlier, bottleneck, given: given.capacityPerSecond })
  return {
    arrivalPerSecond: arrival,
    capacityPerSecond: capacity,
    utilisation: utilisationOf(arrival, capacity, bottleneck),
    downtimeMs: inferDowntime({ dump, kind: 'exception', given: given.downtimeMs }).figure,
    taskManagerDowntimeMs: inferDowntime({ dump, kind: 'taskmanager', given: given.downtimeMs }).figure,
    bottleneck,
    ...inferCheckpoints(dump, bottleneck?.id ?? null),
    ...inferFailures(dump, given.mtbfMs),
  }
}

function utilisationOf(arrival: Inferred, capacity: Inferred, bottleneck: VertexDump | null): Inferred {
  if (arrival.value !== null && capacity.value !== null) {
    const weaker = [arrival.sure, capacity.sure].includes('low') ? 'low' : 'medium'
    const sure = arrival.sure === 'given' && capacity.sure === 'given' ? 'given' : weaker
    return known(arrival.value / capacity.value, sure, 'arrival over capacity')
  }
  const busy = (bottleneck?.backPressure?.subtasks ?? []).flatMap((task) => task.busyRatio ?? [])
  if (busy.length === 0)
    return unknown('neither arrival and capacity nor a busy ratio are known; give --arrival and --capacity')
  return known(mean(busy), 'low', `busy ratio of ${bottleneck!.name} over the last minute`)
}
