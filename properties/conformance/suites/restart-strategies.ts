import {
  type ExponentialDelay,
  ExponentialDelayBackoff,
} from '../../../src/cluster/restart-strategy/exponential-delay.ts'
import { FailureRateBackoff } from '../../../src/cluster/restart-strategy/failure-rate.ts'
import { FixedDelayBackoff } from '../../../src/cluster/restart-strategy/fixed-delay.ts'
import type { RestartBackoff } from '../../../src/cluster/restart-strategy/index.ts'
import { type Replayer, replaySteps } from '../replay-steps.ts'
import type { Suite } from '../suite.ts'

/** data/vectors/SCHEMA.md, section 9. Times in milliseconds. */
interface RestartCase {
  readonly cfg:
    | { readonly type: 'fixed'; readonly attempts: number; readonly delay: number }
    | { readonly type: 'rate'; readonly max: number; readonly interval: number; readonly delay: number }
    | ({ readonly type: 'exponential' } & ExponentialDelay)
  readonly steps: readonly Omit<RestartStep, 'ev'>[]
}
interface RestartStep {
  readonly ev: object
  readonly dt: number
  readonly now: number
  readonly new: boolean
  readonly can: boolean
  readonly backoff: number
  readonly attempt?: number
  /** What Flink drew. */
  readonly jit?: number
}

/** Flink: the classes that implement RestartBackoffTimeStrategy. */
export const restartStrategies: Suite = {
  name: 'restart_strategies',
  replay(line) {
    const { cfg, steps } = line as RestartCase
    const withEvents = steps.map((step) => ({ ...step, ev: { failureAfterMs: step.dt, ...drawn(step) } }))
    return replaySteps(withEvents, () => new RestartReplayer(cfg))
  },
}
const drawn = ({ jit }: Pick<RestartStep, 'jit'>) => (jit === undefined ? {} : { jitter: jit })

class RestartReplayer implements Replayer<RestartStep> {
  readonly #backoff: RestartBackoff
  #now = 0
  #jitter = 0
  constructor(cfg: RestartCase['cfg']) {
    this.#backoff = this.#made(cfg)
    this.#backoff.reset()
  }
  #made(cfg: RestartCase['cfg']): RestartBackoff {
    switch (cfg.type) {
      case 'fixed':
        return new FixedDelayBackoff(cfg)
      case 'rate':
        return new FailureRateBackoff({ maxFailures: cfg.max, interval: cfg.interval, delay: cfg.delay })
      case 'exponential':
        return new ExponentialDelayBackoff(cfg, (offset) => this.#draw(offset))
      default:
        throw new Error(`type 'fixed', 'rate' or 'exponential' is expected, but ${JSON.stringify(cfg)} came`)
    }
  }
  /** Flink draws within the same bounds, or the recorded jitter says so. */
  #draw(offset: number): number {
    if (Math.abs(this.#jitter) > offset)
      throw new Error(`a jitter within ${offset} is drawn here, but Flink drew ${this.#jitter}`)
    return this.#jitter
  }
  expected({ now, new: isNew, can, backoff, attempt }: RestartStep): object {
    return { now, new: isNew, can, backoff, ...(attempt === undefined ? {} : { attempt }) }
  }
  feed({ dt, jit = 0 }: RestartStep): object {
    const backoff = this.#backoff
    this.#now += dt
    this.#jitter = jit
    // asked beforehand, as the job manager does; Flink is asked afterwards
    const can = backoff.mayRestart(this.#now)
    const isNew = backoff.notifyFailure(this.#now)
    return {
      now: this.#now,
      new: isNew,
      can,
      backoff: backoff.backoff(this.#now),
      ...(backoff instanceof ExponentialDelayBackoff ? { attempt: backoff.attempts } : {}),
    }
  }
  states(): Readonly<Record<string, string>> {
    return {}
  }
}
