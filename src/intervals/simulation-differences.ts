/** Where simulation and formula differ by more than the confidence interval, and what in the simulated runs explains it. */
import { durationText, numberText } from './duration-text.ts'
import { meanEstimate } from './estimate.ts'
import type { ResolvedProblem } from './interval-problem.ts'
import type { IntervalRow } from './interval-row.ts'
import type { OpenEstimate, SimulatedInterval } from './simulate.ts'
import type { Recovery, SimulatedRun } from './simulated-job.ts'

/** One figure on which the two disagree. */
export interface Difference {
  readonly figure: 'utilisation' | 'mean recovery' | 'recovery p50' | 'recovery p90' | 'recovery p99' | 'peak lag p99'
  readonly simulated: OpenEstimate
  readonly formula: number
  /** In words, with the reasons. */
  readonly text: string
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
    const why = reasons()
    const because = why.length === 0 ? 'by chance, as one in a hundred does' : why.join('; ')
    const limits = `${low === null ? 'below' : say(low)} to ${high === null ? 'above' : say(high)}`
    differences.push({
      figure,
      simulated: estimate,
      formula,
      text: `${figure}: simulated ${say(value)} (${limits}), formula ${say(formula)}: ${because}`,
    })
  }
  const share = (value: number): string => `${(value * 100).toFixed(2)} %`
  compare('utilisation', utilisation, row.utilisation, share, () => checkpointReasons(problem, row, busy))
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
  const agrees = formulaMs >= low && formulaMs <= high
  return [...reasons, `the mean of the others is ${durationText(value)}, which ${agrees ? 'agrees' : 'differs, too'}`]
}

/** What became of checkpoints. */
function checkpointReasons(
  { latencyMs, failedShare }: ResolvedProblem,
  row: IntervalRow,
  { checkpoints }: SimulatedRun,
): string[] {
  const { completed, expired, gaps, gapsUs, durationsUs } = checkpoints
  const reasons: string[] = []
  const gapMs = gaps === 0 ? row.effectiveMs : gapsUs / gaps / 1000
  if (Math.abs(gapMs / row.effectiveMs - 1) > 0.01)
    reasons.push(
      `checkpoints came every ${durationText(gapMs)} instead of ${durationText(row.effectiveMs)} (minimum pause, or one waits for the one before)`,
    )
  if (expired > 0) reasons.push(`${expired} checkpoints ran into their timeout`)
  if (failedShare > 0)
    reasons.push(`checkpoints failed on their own (${percent(failedShare)}), also during the catch-up`)
  const durationMs = completed === 0 ? latencyMs : durationsUs / completed / 1000
  if (durationMs - latencyMs > 0.02 * row.effectiveMs)
    reasons.push(
      `checkpoints took ${durationText(durationMs)} instead of ${durationText(latencyMs)}: their triggers wait for the batch at hand`,
    )
  return reasons
}
