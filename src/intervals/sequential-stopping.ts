import { type Estimate, relativeHalfWidth } from './estimate.ts'

/** When enough has been simulated. */
export interface StoppingRule {
  /** Wanted half width of the interval over the value: 0.02 for ±2 %. */
  readonly precision: number
  /** Samples before which no interval is trusted: below it the normal theory behind them does not hold. */
  readonly leastSamples: number
  /** Runs after which it ends in any case. */
  readonly mostRuns: number
}

/** How a sequence of runs has ended. */
export interface Stopped {
  readonly runs: number
  /** Whether the precision was reached. */
  readonly reached: boolean
}

/** What the runs made so far amount to. */
export interface Progress {
  readonly samples: number
  estimate(): Estimate
}

/**
 * Runs 0, 1, 2, … until the estimate is as precise as wanted.
 *
 * @param run makes one run of this index and says whether another one may follow (false: the budget is used up)
 */
export function untilPrecise(rule: StoppingRule, run: (index: number) => boolean, progress: () => Progress): Stopped {
  for (let runs = 1; ; runs += 1) {
    const goOn = run(runs - 1)
    const { samples, estimate } = progress()
    if (samples >= rule.leastSamples && relativeHalfWidth(estimate()) <= rule.precision) return { runs, reached: true }
    if (!goOn || runs >= rule.mostRuns) return { runs, reached: false }
  }
}
