/** What `--simulate` adds to `cutline intervals`: its options, the runs with their progress, and the answer for people. */
import {
  durationText,
  type IntervalReport,
  numberText,
  type OpenEstimate,
  OutOfRange,
  type SimulatedInterval,
  type SimulateOptions,
  settingText,
  simulateIntervals,
} from '../intervals/index.ts'
import { type IntervalPictureOptions, type PicturePoint, shareText } from '../report/index.ts'
import { Progress } from './progress.ts'
import { type Colours, table } from './terminal.ts'
import { UsageError } from './usage-error.ts'

/** The options as commander read them. */
export interface SimulationFlags {
  readonly simulate?: true
  readonly precision?: string
  readonly seed?: string
  readonly hours?: string
}

/** @throws UsageError for an option that is no number, or that nothing is simulated with */
export function simulationOptions(flags: SimulationFlags): SimulateOptions | null {
  if (flags.simulate !== true) {
    for (const name of ['precision', 'seed', 'hours'] as const)
      if (flags[name] !== undefined) throw new UsageError(`--${name} is about the simulation: give --simulate, too.`)
    return null
  }
  const { precision, seed, hours } = flags
  const options: { precision?: number; seed?: string; hours?: number } = {}
  if (precision !== undefined) {
    const share = precision.endsWith('%') ? number(precision.slice(0, -1)) / 100 : number(precision)
    if (!(share >= 0.0005 && share <= 0.5))
      throw new UsageError(`--precision wants a share such as 2% or 0.02, from 0.05% to 50%, but got '${precision}'.`)
    options.precision = share
  }
  if (hours !== undefined) {
    const length = number(hours.replace(/h$/, ''))
    if (!(length > 0 && length <= 1e7))
      throw new UsageError(`--hours wants a number of hours above 0, but got '${hours}'.`)
    options.hours = length
  }
  if (seed !== undefined) options.seed = seed
  return options
}

const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text))

/** Simulates the candidates of a report. @throws UsageError where a time is beyond what can be simulated */
export function simulated({ problem, candidates }: IntervalReport, options: SimulateOptions): SimulatedInterval[] {
  const progress = new Progress({ label: 'simulate', unit: 'intervals', total: candidates.length })
  progress.update(0)
  try {
    const intervalsMs = candidates.map((row) => row.intervalMs)
    return simulateIntervals(problem, intervalsMs, { ...options, onProgress: (done) => progress.update(done) })
  } catch (error) {
    if (error instanceof OutOfRange) throw new UsageError(`It cannot be simulated: ${error.message}.`)
    throw error
  } finally {
    progress.end()
  }
}

/** The simulated points of the picture: overheads above, below recoveries (or, without a load, replays). */
export function simulatedPoints(
  { problem }: IntervalReport,
  rows: readonly SimulatedInterval[],
): IntervalPictureOptions {
  const point = (intervalMs: number, { value, low, high }: OpenEstimate, lessMs: number): PicturePoint => ({
    intervalMs,
    value: value - lessMs,
    ...(low === null || high === null ? {} : { low: low - lessMs, high: high - lessMs }),
  })
  const lessMs = problem.load === null ? problem.downtimeMs : 0
  return {
    pointsName: 'simulated, with 99 % intervals',
    overheadPoints: rows
      .filter(({ utilisation }) => utilisation.value > 0)
      .map(({ intervalMs, utilisation: { value, low, high } }) => ({
        intervalMs,
        value: 1 / value - 1,
        ...(low > 0 ? { low: 1 / high - 1, high: 1 / low - 1 } : {}),
      })),
    recoveryPoints: rows.flatMap(({ intervalMs, recoveryMs, peakLagMs }) => {
      const quantiles = problem.load === null ? peakLagMs : recoveryMs
      return quantiles === null
        ? []
        : [quantiles.p50, quantiles.p90, quantiles.p99].map((estimate) => point(intervalMs, estimate, lessMs))
    }),
  }
}

/** The table of simulated figures beside the formulas', and what differs. */
export function simulationLines(
  { candidates, recommended, problem }: IntervalReport,
  rows: readonly SimulatedInterval[],
  { bold, dim, yellow }: Colours,
): string[] {
  const loaded = problem.load !== null
  const heading = ['', 'interval', 'useful', '±', 'formula', 'done again']
  if (loaded) heading.push('recovery', '±', 'formula', 'p50', 'p90', 'p99')
  heading.push('peak lag', 'failures')
  const cells = rows.map((row, i) => {
    const { utilisation, recoveryMs, lostWork, peakLagMs, failures } = row
    const formula = candidates[i]!
    const line = [
      row.intervalMs === recommended.intervalMs ? '▸' : '',
      settingText(row.intervalMs),
      shareText(utilisation.value),
      `${((100 * (utilisation.high - utilisation.low)) / 2).toFixed(2)}`,
      shareText(formula.utilisation),
      shareText(lostWork.value),
    ]
    if (loaded)
      line.push(
        ...(recoveryMs === null
          ? ['never', '', '', '', '', '']
          : [
              durationText(recoveryMs.mean.value),
              halfWidthText(recoveryMs.mean),
              durationText(formula.recoveryMs!.mean),
              ...[recoveryMs.p50, recoveryMs.p90, recoveryMs.p99].map(({ value }) => durationText(value)),
            ]),
      )
    line.push(durationText(peakLagMs.p99.value), String(failures + row.recoveries))
    return line
  })
  const [first, ...rest] = table([heading, ...cells], heading.map((_, i) => (i === 0 ? 'l' : 'r')).join('')).split('\n')
  const differences = rows.flatMap(differenceLines)
  const short = rows.filter(({ precise }) => !precise).map(({ intervalMs }) => settingText(intervalMs))
  return [
    bold('Simulated: the same question put to the simulator, 99 % intervals'),
    dim(first!),
    ...rest.map((line, i) => (rows[i]!.intervalMs === recommended.intervalMs ? bold(line) : line)),
    ...(short.length === 0
      ? []
      : [
          '',
          yellow(
            `Not as precise as wanted when the longest run was over: ${short.join(', ')}; ask for less with --precision.`,
          ),
        ]),
    '',
    ...(differences.length === 0
      ? ['Simulation and formulas agree within the intervals.']
      : [bold('Where simulation and formulas differ by more than the interval'), ...differences]),
  ]
}

const halfWidthText = ({ value, low, high }: OpenEstimate): string =>
  low === null || high === null ? '?' : `${numberText((50 * (high - low)) / value)} %`

const CHANCE = 'maybe by chance: one interval in a hundred misses the true value'

/** One line per interval for the figures that differ for the same reasons, and one for these. */
function differenceLines({ intervalMs, differences }: SimulatedInterval): string[] {
  const byReason = new Map<string, string[]>()
  for (const { text, why } of differences) {
    const reasons = why.length === 0 ? CHANCE : `because ${why.join('; ')}`
    byReason.set(reasons, [...(byReason.get(reasons) ?? []), text])
  }
  return [...byReason].flatMap(([reasons, texts]) => [
    `  ${settingText(intervalMs)}: ${texts.join('; ')}`,
    `      ${reasons}.`,
  ])
}
