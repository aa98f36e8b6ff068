/** Where simulation and formula differ by more than the confidence interval, and what in the simulated runs explains it. */
import { durationText, numberText } from './duration-text.ts'
import { meanEstimate } from './estimate.ts'
import type { ResolvedProblem } from './interval-problem.ts'
import type { IntervalRow } from './interval-row.ts'
import type { OpenEstimate, SimulatedInterval } from './simulate.ts'
import type { Recovery, SimulatedRun } from './simulated-job.ts'
import { wholeFirstIntervalUtilisation } from './whole-first-interval.ts'

/** One figure on which the two disagree. */
export interface Difference {
  readonly figure: 'utilisation' | 'mean recovery' | 'recovery p50' | 'recovery p90' | 'recovery p99' | 'peak lag p99'
  readonly simulated: OpenEstimate
  readonly formula: number
  /** Both in words. */
  readonly text: string
  /** What explains it, a clause each; none if nothing but chance does: one interval in a hundred misses the true value. */
  readonly why: readonly string[]
}

/** Below this share a reason is not worth a word. */
const WORTH_A_WORD = 0.002

/** @param busy of the job that always has work @param loaded of the one with arrivals */
export function differencesOf(
  problem: ResolvedProblem,
  row: IntervalRow,
  simulated: Omit<SimulatedInterval, 'differences'>,
  busy: SimulatedRun,
  loaded: SimulatedRun | null,
): Difference[] {
  const { recoveryMs, peakLagMs, utilisation } = simulated
  const differences: Difference[] = []
  const compare = (
    figure: Difference['figure'],
    estimate: OpenEstimate,
    formula: number,
    say: (value: number) => string,
    reasons: () => readonly string[],
  ): void => {
    const { value, low, high } = estimate
    if (formula >= (low ?? Number.NEGATIVE_INFINITY) && formula <= (high ?? Number.POSITIVE_INFINITY)) return
    const limits = `${low === null ? 'below' : say(low)} to ${high === null ? 'above' : say(high)}`
    differences.push({
      figure,
      simulated: estimate,
      formula,
      text: `${figure} ${say(value)} (${limits}), formula ${say(formula)}`,
      why: reasons(),
    })
  }
  const share = (value: number): string => `${(value * 100).toFixed(2)} %`
  compare('utilisation', utilisation, row.utilisation, share, () => [
    ...firstIntervalReasons(problem, row, share),
    ...checkpointReasons(problem, row, busy),
  ])
  if (recoveryMs === null || row.recoveryMs === null || loaded === null) return differences
  const reasons = (): string[] => [
    ...recoveryReasons(loaded.recoveries, row.recoveryMs!.mean),
    ...checkpointReasons(problem, row, loaded),
  ]
  compare('mean recovery', recoveryMs.mean, row.recoveryMs.mean, durationText, reasons)
  for (const quantile of ['p50', 'p90', 'p99'] as const)
    compare(`recovery ${quantile}`, recoveryMs[quantile], row.recoveryMs[quantile], durationText, reasons)
  compare('peak lag p99', peakLagMs.p99, row.peakLagMs.p99, durationText, reasons)
  return differences
}

const percent = (share: number): string => `${numberText(share * 100)} %`

/** What further failures do to recoveries: the formula is about one failure of a job at rest. */
function recoveryReasons(recoveries: readonly Recovery[], formulaMs: number): string[] {
  const reasons: string[] = []
  const again = recoveries.filter(({ failures }) => failures > 1)
  const exposed = recoveries.filter(({ failures, exposed }) => failures === 1 && exposed)
  const alone = recoveries.filter(({ failures, exposed }) => failures === 1 && !exposed)
  const meanMs = (of: readonly Recovery[]): string =>
    durationText(of.reduce((sum, { recoveryUs }) => sum + recoveryUs, 0) / of.length / 1000)
  if (again.length > WORTH_A_WORD * recoveries.length)
    reasons.push(
      `in ${percent(again.length / recoveries.length)} another failure struck before the backlog was gone (mean ${meanMs(again)})`,
    )
  if (exposed.length > WORTH_A_WORD * recoveries.length)
    reasons.push(
      `${percent(exposed.length / recoveries.length)} struck before the first checkpoint after a restart was durable (mean ${meanMs(exposed)})`,
    )
  if (reasons.length === 0 || alone.length < 2) return reasons
  const { value, low, high } = meanEstimate(alone.map(({ recoveryUs }) => recoveryUs / 1000))
  const which =
    high < formulaMs
      ? 'is shorter: a long recovery is likelier to be hit'
      : low > formulaMs
        ? 'is longer, too'
        : 'agrees'
  return [...reasons, `the mean of the others is ${durationText(value)}, which ${which}`]
}

/** What it means that the first checkpoint after a restart comes a whole interval later. */
function firstIntervalReasons(problem: ResolvedProblem, row: IntervalRow, say: (value: number) => string): string[] {
  const { failures, failedShare, costMs, latencyMs, downtimeMs: restartMs } = problem
  if (failures.kind !== 'exponential' || failedShare > 0) return []
  const exact = wholeFirstIntervalUtilisation({
    intervalMs: row.effectiveMs,
    costMs,
    latencyMs,
    mtbfMs: failures.mtbfMs,
    restartMs,
  })
  if (Math.abs(exact / row.utilisation - 1) < 0.0005) return []
  return [
    `the first checkpoint after a restart is triggered a whole interval later, the formula has it end there; with that it gives ${say(exact)}`,
  ]
}

/** What became of checkpoints. */
function checkpointReasons(
  { failedShare, profile }: ResolvedProblem,
  row: IntervalRow,
  { checkpoints }: SimulatedRun,
): string[] {
  const { expired, gaps, gapsUs } = checkpoints
  const reasons: string[] = []
  const gapMs = gaps === 0 ? row.effectiveMs : gapsUs / gaps / 1000
  if (Math.abs(gapMs / row.effectiveMs - 1) > 0.001)
    reasons.push(
      `checkpoints came every ${durationText(gapMs)} instead of ${durationText(row.effectiveMs)} (minimum pause, or one waits for the one before)`,
    )
  if (profile !== null) reasons.push('the simulated records arrive at the mean rate')
  if (expired > 0) reasons.push(`${expired} checkpoints ran into their timeout`)
  if (failedShare > 0)
    reasons.push(`checkpoints failed on their own (${percent(failedShare)}), also during the catch-up`)
  return reasons
}
