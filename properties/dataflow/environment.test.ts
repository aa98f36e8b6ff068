import { describe, expect, it } from 'vitest'
import {
  CheckpointingMode,
  type Duration,
  fixedDelayRestart,
  fromArray,
  JobError,
  StreamExecutionEnvironment,
  transactionalLog,
  WatermarkStrategy,
} from '../../src/dataflow/index.ts'

function withJob(set: (env: StreamExecutionEnvironment) => void): StreamExecutionEnvironment {
  const env = new StreamExecutionEnvironment()
  env.fromSource(fromArray([1, 2]), 'numbers').sinkTo(transactionalLog('out'))
  set(env)
  return env
}

describe('settings', () => {
  it('are those that were set; the rest is left to the plan', () => {
    const env = withJob((env) => env.enableCheckpointing('1s', CheckpointingMode.AT_LEAST_ONCE))
    expect(env.jobGraph().settings).toEqual({ checkpointIntervalMs: 1000, mode: 'AT_LEAST_ONCE', maxParallelism: 128 })

    env.setRestartStrategy(fixedDelayRestart(3, '10s')).setMaxParallelism(7).setParallelism(2)
    env
      .getCheckpointConfig()
      .setCheckpointTimeout('1 min')
      .setMinPauseBetweenCheckpoints(500)
      .setMaxConcurrentCheckpoints(2)
      .setTolerableCheckpointFailureNumber(0)
      .setMaxRetainedCheckpoints(3)
    expect(env.jobGraph().settings).toEqual({
      checkpointIntervalMs: 1000,
      mode: 'AT_LEAST_ONCE',
      checkpointTimeoutMs: 60_000,
      minPauseMs: 500,
      maxConcurrentCheckpoints: 2,
      tolerableFailedCheckpoints: 0,
      retainedCheckpoints: 3,
      restartAttempts: 3,
      restartDelayMs: 10_000,
      maxParallelism: 7,
    })
  })

  it('exactly-once is the default', () => {
    expect(withJob((env) => env.enableCheckpointing(1000)).jobGraph().settings.mode).toBe('EXACTLY_ONCE')
  })

  it('the maximum parallelism follows from the parallelism as in Flink', () => {
    expect(withJob((env) => env.enableCheckpointing(1000).setParallelism(100)).jobGraph().settings.maxParallelism).toBe(
      256,
    )
  })

  it.each<[(env: StreamExecutionEnvironment) => unknown, string]>([
    [(env) => env.enableCheckpointing(9), 'the checkpoint interval must be at least 10 ms, but is 9'],
    [
      (env) => env.enableCheckpointing(undefined as never),
      "the checkpoint interval must be whole milliseconds or a duration like '10s', but is undefined",
    ],
    [
      (env) => env.enableCheckpointing(1000, 'SOMETIMES' as never),
      "the checkpointing mode must be EXACTLY_ONCE or AT_LEAST_ONCE, but is 'SOMETIMES'",
    ],
    [(env) => env.setParallelism(0), 'the parallelism of the environment must be an integer of at least 1, but is 0'],
    [
      (env) => env.setMaxParallelism(32_769),
      'the maximum parallelism must be an integer from 1 to 32768, but is 32769',
    ],
    [
      (env) => env.getCheckpointConfig().setCheckpointTimeout('5ms'),
      "the checkpoint timeout must be at least 10 ms, but is '5ms'",
    ],
    [
      (env) => env.getCheckpointConfig().setMinPauseBetweenCheckpoints(-1),
      'the minimum pause between checkpoints must be at least 0 ms, but is -1',
    ],
    [
      (env) => env.getCheckpointConfig().setMaxConcurrentCheckpoints(0),
      'the number of concurrent checkpoints must be an integer from 1 to 4, but is 0',
    ],
    [
      (env) => env.getCheckpointConfig().setTolerableCheckpointFailureNumber(-1),
      'the number of tolerable checkpoint failures must be an integer of at least 0, but is -1',
    ],
    [
      (env) => env.getCheckpointConfig().setMaxRetainedCheckpoints(0),
      'the number of retained checkpoints must be an integer of at least 1, but is 0',
    ],
    [
      (env) => env.setRestartStrategy(fixedDelayRestart(-1, 0)),
      'the number of restart attempts must be an integer of at least 0, but is -1',
    ],
    [
      (env) => env.setRestartStrategy('none' as never),
      "setRestartStrategy takes fixedDelayRestart(), failureRateRestart(), exponentialDelayRestart() or noRestart(), but got 'none'",
    ],
    [
      (env) => env.fromSource([1] as never, 'x'),
      'fromSource takes a source such as fromArray(values), but got an array',
    ],
    [(env) => env.fromSource(fromArray([1]), ''), "a name must be letters, digits, spaces and _ . : / -, but is ''"],
    [
      (env) => env.fromSource(fromArray([1]), 'x', WatermarkStrategy.forMonotonousTimestamps() as never),
      "the watermark strategy of 'x' has no timestamps: add .withTimestampAssigner((value) => ...)",
    ],
    [
      () => WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner('time' as never),
      "withTimestampAssigner takes a function from value to milliseconds, but got 'time'",
    ],
    [
      () => WatermarkStrategy.forBoundedOutOfOrderness(-1 as Duration),
      'the bound of the out-of-orderness must be at least 0 ms, but is -1',
    ],
  ])('refuses what is out of range: %s', (set, message) => {
    expect(() => set(new StreamExecutionEnvironment())).toThrow(JobError)
    expect(() => set(new StreamExecutionEnvironment())).toThrow(message)
  })

  it('a job needs a checkpoint interval, and no more subtasks than key groups', () => {
    expect(() => withJob(() => {}).jobGraph()).toThrow(
      'the job takes no checkpoints: call env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)',
    )
    const env = withJob((env) => env.enableCheckpointing(1000).setMaxParallelism(4))
    expect(() => env.jobGraph({ numbers: 5 })).toThrow(
      "the parallelism of 'numbers' must be an integer from 1 to 4, but is 5",
    )
  })

  it('watermark strategies', () => {
    const timestampOf = (n: number) => n
    /** Watermarks after these elements have come and been looked at. */
    const emitted = (strategy: WatermarkStrategy<number>, ...timestamps: number[]): number[] => {
      const watermarks: number[] = []
      const output = { emitWatermark: (ms: number) => watermarks.push(ms), markIdle() {}, markActive() {} }
      const generator = strategy.generator()
      for (const ms of timestamps) {
        generator.onEvent(ms, strategy.timestampOf(ms, Number.NaN), output)
        generator.onPeriodicEmit(output)
      }
      return watermarks
    }
    expect(emitted(WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(timestampOf), 5, 9, 7)).toEqual([
      4, 8, 8,
    ])
    expect(
      emitted(WatermarkStrategy.forBoundedOutOfOrderness('2h').withTimestampAssigner(timestampOf), 7_200_009),
    ).toEqual([8])
    expect(emitted(WatermarkStrategy.noWatermarks().withTimestampAssigner(timestampOf), 5)).toEqual([])
    const own = WatermarkStrategy.forGenerator<number>(() => ({
      onEvent: (value, _timestampMs, output) => output.emitWatermark(value - 1),
      onPeriodicEmit() {},
    }))
    expect(emitted(own.withTimestampAssigner(timestampOf), 5, 3)).toEqual([4, 2])
  })
})
