import { fields, fifo } from '../../kernel/index.ts'
import type { RestartBackoff } from './restart-backoff.ts'

export interface FailureRate {
  /** Failures within an interval that are put up with; at least 1. */
  readonly maxFailures: number
  readonly interval: number
  readonly delay: number
}

/**
 * The same delay each time, until failures come too fast: the job gives up if one more than `maxFailures` lie within the
 * interval, both ends included. Flink: FailureRateRestartBackoffTimeStrategy.
 */
export class FailureRateBackoff extends fields({ last: fifo('failures') }) implements RestartBackoff {
  readonly #config: FailureRate
  constructor(config: FailureRate) {
    super({ failures: config.maxFailures + 1 })
    this.#config = config
  }
  reset(): void {
    this.last.clear()
  }
  mayRestart(now: number): boolean {
    const { maxFailures, interval } = this.#config
    const before = this.last.length - maxFailures
    return before < 0 || now - this.last.time(before) > interval
  }
  notifyFailure(now: number): boolean {
    if (this.last.length > this.#config.maxFailures) this.last.pop()
    this.last.push(0, now)
    return true
  }
  backoff(_now: number): number {
    return this.#config.delay
  }
}
