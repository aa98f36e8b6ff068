/** A plan is all that a run depends on besides the code: run(scenario, plan) is a pure function. */
import type { Override } from '../kernel/index.ts'
import type { Fault } from './fault.ts'
import type { MetadataStoreName } from './high-availability.ts'
import type { Us } from './time.ts'

/** Checkpoints that may be on their way at once, at most. */
export const MAX_CONCURRENT_CHECKPOINTS = 4
/** Savepoints that a plan asks for at most; where barriers align, they come on top of what may be on its way at once. */
export const MAX_SAVEPOINTS = 3

/** Costs and settings of one run. All times in microseconds. */
export interface Timing {
  /** The time unit that the others were drawn in. */
  readonly unitUs: Us
  readonly sourceCostUs: Us
  readonly operatorCostUs: Us
  /** Records that fit into a channel before its sender has to wait: the credit. */
  readonly channelCapacity: number
  readonly checkpointIntervalUs: Us
  readonly checkpointTimeoutUs: Us
  readonly minPauseUs: Us
  readonly maxConcurrentCheckpoints: number
  readonly tolerableFailedCheckpoints: number
  readonly retainedCheckpoints: number
  /** These two hold if the job names no restart strategy of another kind. */
  readonly restartDelayUs: Us
  readonly restartAttempts: number
  // What a drawn plan leaves out, and a token does not carry: 0 if missing. The simulation of checkpoint intervals sets them.
  /** Time for which a task is busy with the synchronous part of each snapshot. */
  readonly snapshotCostUs?: Us
  /** Time that an upload takes in addition. */
  readonly putTimeUs?: Us
  /** Time that a task takes in addition to initialise, whether it has state to restore or not; a failure strikes here, too. */
  readonly restoreTimeUs?: Us
}

export interface Plan {
  /** Version of the engine whose runs this plan describes. */
  readonly engine: number
  readonly scenario: string
  readonly protocol: string
  readonly bug?: string
  /** What the job's metadata are entrusted to; if left out, what the scenario says. */
  readonly store?: MetadataStoreName
  /** Hash of the text that the scenario reads, if it reads one. */
  readonly input?: string
  readonly seed: string
  /** Records that the sources may read in all. */
  readonly records: number
  readonly parallelism: Readonly<Record<string, number>>
  readonly taskManagers: number
  readonly timing: Timing
  readonly faults: readonly Fault[]
  readonly overrides: readonly Override[]
}
