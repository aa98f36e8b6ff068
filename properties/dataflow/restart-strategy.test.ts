import { describe, expect, it } from 'vitest'
import {
  exponentialDelayRestart,
  failureRateRestart,
  fixedDelayRestart,
  noRestart,
  type RestartStrategy,
} from '../../src/dataflow/index.ts'

describe('a restart strategy', () => {
  it('has the defaults of Flink 2.3', () => {
    expect(fixedDelayRestart()).toEqual({ restartAttempts: 1, restartDelayMs: 1000 })
    expect(failureRateRestart()).toEqual({
      restart: { type: 'failure-rate', maxFailures: 1, intervalMs: 60_000, delayMs: 1000 },
    })
    expect(exponentialDelayRestart()).toEqual({
      restart: {
        type: 'exponential-delay',
        initialMs: 1000,
        maxMs: 60_000,
        multiplier: 1.5,
        resetThresholdMs: 3_600_000,
        jitterFactor: 0.1,
      },
    })
    expect(noRestart()).toEqual({ restartAttempts: 0, restartDelayMs: 0 })
  })

  it.each<[() => RestartStrategy, string]>([
    [() => fixedDelayRestart(-1), 'the number of restart attempts must be an integer of at least 0, but is -1'],
    [() => failureRateRestart(0), 'the number of failures per interval must be an integer from 1 to 10000, but is 0'],
    [() => failureRateRestart(1, 0), 'the failure rate interval must be at least 1 ms, but is 0'],
    [() => exponentialDelayRestart({ initialBackoff: 0 }), 'the initial backoff must be at least 1 ms, but is 0'],
    [
      () => exponentialDelayRestart({ initialBackoff: '2s', maxBackoff: '1s' }),
      "the maximum backoff must be at least 2000 ms, but is '1s'",
    ],
    [() => exponentialDelayRestart({ backoffMultiplier: 1 }), 'the backoff multiplier must be above 1, but is 1'],
    [() => exponentialDelayRestart({ jitterFactor: 1.5 }), 'the jitter factor must be from 0 to 1, but is 1.5'],
    [
      () => exponentialDelayRestart({ attemptsBeforeResetBackoff: 0 }),
      'the number of restart attempts must be an integer of at least 1, but is 0',
    ],
    [
      () => exponentialDelayRestart({ resetBackoffThreshold: 0 }),
      'the threshold that resets the backoff must be at least 1 ms, but is 0',
    ],
  ])('refuses what Flink refuses (%#)', (make, sentence) => {
    expect(make).toThrow(sentence)
  })
})
