import { fields } from '../../kernel/index.ts'
import type { RestartBackoff } from './restart-backoff.ts'

export interface FixedDelay {
  /** Restarts before the job fails for good; 0: the first failure ends it. */
  readonly attempts: number
  readonly delay: number
}

/** The same delay each time, a limited number of times. Flink: FixedDelayRestartBackoffTimeStrategy. */
export class FixedDelayBackoff extends fields({ failures: 'int' }) implements RestartBackoff {
  readonly #config: FixedDelay
  constructor(config: FixedDelay) {
    super()
    this.#config = config
  }
  reset(): void {
    this.failures = 0
  }
  mayRestart(_now: number): boolean {
    return this.failures < this.#config.attempts
  }
  notifyFailure(_now: number): boolean {
    this.failures += 1
    return true
  }
  backoff(_now: number): number {
    return this.#config.delay
  }
}
