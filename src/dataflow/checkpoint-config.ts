import { MAX_CONCURRENT_CHECKPOINTS } from '../model/index.ts'
import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import { integerIn } from './job-error.ts'
import type { JobSettings } from './job-graph.ts'

/** The least checkpoint interval and timeout. Flink: CheckpointCoordinatorConfiguration.MINIMAL_CHECKPOINT_TIME. */
export const MINIMAL_CHECKPOINT_TIME_MS = 10

/** @inline */
type Setting =
  | 'checkpointTimeoutMs'
  | 'minPauseMs'
  | 'maxConcurrentCheckpoints'
  | 'tolerableFailedCheckpoints'
  | 'retainedCheckpoints'

/**
 * Settings of checkpointing besides interval and mode; what is left open is drawn by the plan of each run.
 * Flink: CheckpointConfig. Every setter returns the object; every setter throws a JobError if its value is out of range.
 */
export class CheckpointConfig {
  readonly #settings: { -readonly [S in Setting]?: NonNullable<JobSettings[S]> } = {}

  /** A checkpoint that takes longer is aborted. At least 10 ms. */
  setCheckpointTimeout(timeout: Duration): this {
    this.#settings.checkpointTimeoutMs = durationMs(timeout, 'the checkpoint timeout', MINIMAL_CHECKPOINT_TIME_MS)
    return this
  }

  /** Least time from the completion of one checkpoint to the trigger of the next. */
  setMinPauseBetweenCheckpoints(pause: Duration): this {
    this.#settings.minPauseMs = durationMs(pause, 'the minimum pause between checkpoints')
    return this
  }

  /** How many checkpoints may be under way at once; at least 1. */
  setMaxConcurrentCheckpoints(count: number): this {
    this.#settings.maxConcurrentCheckpoints = integerIn(
      count,
      'the number of concurrent checkpoints',
      1,
      MAX_CONCURRENT_CHECKPOINTS,
    )
    return this
  }

  /** How many checkpoints in a row may fail before the job restarts; at least 0. */
  setTolerableCheckpointFailureNumber(count: number): this {
    this.#settings.tolerableFailedCheckpoints = integerIn(count, 'the number of tolerable checkpoint failures', 0)
    return this
  }

  /** How many completed checkpoints are kept; at least 1. Flink: execution.checkpointing.num-retained. */
  setMaxRetainedCheckpoints(count: number): this {
    this.#settings.retainedCheckpoints = integerIn(count, 'the number of retained checkpoints', 1)
    return this
  }

  /** What has been set so far. */
  settings(): Pick<JobSettings, Setting> {
    return { ...this.#settings }
  }
}
