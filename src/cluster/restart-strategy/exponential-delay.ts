import { fields } from '../../kernel/index.ts'
import { power } from './power.ts'
import type { RestartBackoff } from './restart-backoff.ts'

export interface ExponentialDelay {
  readonly initial: number
  readonly max: number
  /** Above 1. */
  readonly multiplier: number
  /** After so much time without a failure, counted from the last restart, the delay is the initial one again. */
  readonly resetThreshold: number
  /** Share of the delay that is added or taken away at random, in [0, 1]. */
  readonly jitterFactor: number
  /** Restarts in a row before the job fails for good; Infinity: no limit. */
  readonly attempts: number
}

/** Where Java's long ends: what is larger becomes this. */
const LONG_MAX = Number(1n << 63n)

/**
 * Each restart waits longer than the one before, up to a limit; a quiet time begins anew. Failures up to and at the time of the
 * restart that is waiting belong to it. Flink: ExponentialDelayRestartBackoffTimeStrategy; facts: flink-behaviour.md 34.
 *
 * One thing is left out on purpose: past 2^63 ms (from the 92nd restart in a row on, at the default settings) the sum of delay
 * and jitter overflows in Flink, and whenever the jitter is above 0 the delay is the initial one.
 */
export class ExponentialDelayBackoff extends fields({ attempts: 'int', restartAt: 'time' }) implements RestartBackoff {
  readonly #config: ExponentialDelay
  readonly #jitter: (offset: number) => number

  /** @param jitter draws a whole number in [-offset, offset]; not asked if the jitter factor is 0 */
  constructor(config: ExponentialDelay, jitter: (offset: number) => number) {
    super()
    this.#config = config
    this.#jitter = jitter
  }
  reset(): void {
    this.attempts = 0
    this.restartAt = -1
  }
  mayRestart(now: number): boolean {
    const attempts = now <= this.restartAt ? this.attempts : this.#inARow(now) + 1
    return attempts <= this.#config.attempts
  }
  notifyFailure(now: number): boolean {
    if (now <= this.restartAt) return false
    const inARow = this.#inARow(now)
    this.restartAt = now + this.#delay(inARow)
    this.attempts = inARow + 1
    return true
  }
  backoff(now: number): number {
    return Math.max(0, this.restartAt - now)
  }
  /** Restarts since the last quiet time. */
  #inARow(now: number): number {
    return now - this.restartAt >= this.#config.resetThreshold ? 0 : this.attempts
  }
  #delay(inARow: number): number {
    const { initial, max, multiplier, jitterFactor } = this.#config
    const base = Math.min(Math.trunc(initial * power(multiplier, inARow)), LONG_MAX)
    const jitter = jitterFactor === 0 ? 0 : this.#jitter(Math.trunc(base * jitterFactor))
    return Math.max(initial, Math.min(base + jitter, max))
  }
}
