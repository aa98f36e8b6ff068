import { defaultMaxParallelism } from '../model/index.ts'
import { CheckpointConfig, MINIMAL_CHECKPOINT_TIME_MS } from './checkpoint-config.ts'
import { CheckpointingMode } from './checkpointing-mode.ts'
import { DataStream } from './data-stream.ts'
import type { Duration } from './duration.ts'
import { durationMs } from './duration.ts'
import { integerIn, inWords, JobError } from './job-error.ts'
import type { JobGraph, JobSettings } from './job-graph.ts'
import { nameOperator, requireStrategy } from './operator-settings.ts'
import type { RestartStrategy } from './restart-strategy.ts'
import type { Source } from './source.ts'
import { Topology } from './topology.ts'
import type { WatermarkStrategy } from './watermark-strategy.ts'

/** The most key groups that there can be. Flink: KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM. */
const UPPER_BOUND_MAX_PARALLELISM = 32_768

/** Where a job is written: its sources begin here, and so do its settings. Flink: StreamExecutionEnvironment. */
export class StreamExecutionEnvironment {
  readonly #topology = new Topology()
  readonly #checkpoints = new CheckpointConfig()
  #checkpointing: Pick<JobSettings, 'checkpointIntervalMs' | 'mode'> | undefined
  #restart: RestartStrategy | undefined
  #parallelism = 1
  #maxParallelism: number | undefined

  /**
   * Checkpoints are taken at this interval.
   * @param interval milliseconds or a duration like '10s'; at least 10 ms, as in Flink
   * @throws JobError if a value is out of range
   */
  enableCheckpointing(interval: Duration, mode: CheckpointingMode = CheckpointingMode.EXACTLY_ONCE): this {
    if (!Object.hasOwn(CheckpointingMode, mode)) {
      throw new JobError(`the checkpointing mode must be EXACTLY_ONCE or AT_LEAST_ONCE, but is ${inWords(mode)}`)
    }
    const checkpointIntervalMs = durationMs(interval, 'the checkpoint interval', MINIMAL_CHECKPOINT_TIME_MS)
    this.#checkpointing = { checkpointIntervalMs, mode }
    return this
  }

  /** The other settings of checkpointing. */
  getCheckpointConfig(): CheckpointConfig {
    return this.#checkpoints
  }

  /**
   * How a failed job is restarted: `fixedDelayRestart`, `failureRateRestart`, `exponentialDelayRestart` or `noRestart`; a fixed
   * delay and a number of attempts are drawn by the plan if left out.
   */
  setRestartStrategy(strategy: RestartStrategy): this {
    if (
      typeof strategy !== 'object' ||
      strategy === null ||
      !('restartAttempts' in strategy || 'restart' in strategy)
    ) {
      throw new JobError(
        `setRestartStrategy takes fixedDelayRestart(), failureRateRestart(), exponentialDelayRestart() or noRestart(), but got ${inWords(strategy)}`,
      )
    }
    this.#restart = strategy
    return this
  }

  /** @param parallelism of the operators that set none themselves; at least 1, and 1 if it is never set */
  setParallelism(parallelism: number): this {
    this.#parallelism = integerIn(parallelism, 'the parallelism of the environment', 1)
    return this
  }

  /** @param count number of key groups, from 1 to 32768; if left out, it follows from the parallelism as in Flink */
  setMaxParallelism(count: number): this {
    this.#maxParallelism = integerIn(count, 'the maximum parallelism', 1, UPPER_BOUND_MAX_PARALLELISM)
    return this
  }

  /**
   * A stream of what a source reads.
   * @param name names the source for state, plans and reports; unique within the job
   * @param watermarks where event time comes from; without it there are no timestamps, and no watermark before the end
   */
  fromSource<T>(source: Source<T>, name: string, watermarks?: WatermarkStrategy<T>): DataStream<T> {
    if (typeof source?.splits !== 'function') {
      throw new JobError(`fromSource takes a source such as fromArray(values), but got ${inWords(source)}`)
    }
    if (watermarks !== undefined) requireStrategy(watermarks, `'${name}'`)
    const added = this.#topology.add('source', { kind: 'source', source, watermarks })
    nameOperator(added, 'name', name)
    return new DataStream(this.#topology, [{ from: added }])
  }

  /**
   * The job as it is run.
   * @param parallelismOf replaces the parallelism of vertices, by uid
   * @throws JobError if the job cannot be run
   */
  jobGraph(parallelismOf: Readonly<Record<string, number>> = {}): JobGraph {
    const { vertices, edges } = this.#topology.build(this.#parallelism, parallelismOf)
    if (!this.#checkpointing) {
      throw new JobError(
        'the job takes no checkpoints: call env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)',
      )
    }
    const widest = vertices.reduce((a, b) => (b.parallelism > a.parallelism ? b : a))
    const maxParallelism = this.#maxParallelism ?? defaultMaxParallelism(widest.parallelism)
    integerIn(widest.parallelism, `the parallelism of '${widest.uid}'`, 1, maxParallelism)
    const settings = { ...this.#checkpointing, ...this.#checkpoints.settings(), ...this.#restart, maxParallelism }
    return { settings, vertices, edges }
  }
}
