/** The twin for people: what to expect first, then what to change, then the figures with their origin. */
import type { FailurePrediction, InferredFigures, TwinReport } from '../flink/index.ts'
import { durationText, numberText, settingText } from '../intervals/index.ts'
import { type FigureRow, grouped, recoveryPlot, timelineOf } from '../report/index.ts'
import { type Colours, table } from './terminal.ts'

const rate = (perSecond: number): string => `${grouped(perSecond)} records/s`
const share = (value: number): string => `${numberText(value * 100)} %`
const bytes = (count: number): string => {
  const [unit, size] = count >= 1e9 ? ['GB', 1e9] : count >= 1e6 ? ['MB', 1e6] : count >= 1e3 ? ['kB', 1e3] : ['B', 1]
  return `${numberText(count / Number(size))} ${unit}`
}

/** Figures in the order of a reader's questions: name, and how its value is written. */
const FIGURES: readonly (readonly [
  keyof Omit<InferredFigures, 'failureTimesMs'>,
  string,
  (value: number) => string,
])[] = [
  ['arrivalPerSecond', 'arrival', rate],
  ['capacityPerSecond', 'capacity', rate],
  ['utilisation', 'load', (value) => value.toFixed(3)],
  ['downtimeMs', 'downtime, exception', durationText],
  ['taskManagerDowntimeMs', 'downtime, TaskManager killed', durationText],
  ['checkpointIntervalMs', 'checkpoint interval', settingText],
  ['checkpointLatencyMs', 'checkpoint duration', durationText],
  ['checkpointCostMs', 'work lost to a checkpoint', durationText],
  ['startDelayMs', '  start delay', durationText],
  ['alignmentMs', '  alignment', durationText],
  ['syncMs', '  synchronous part', durationText],
  ['asyncMs', '  asynchronous part', durationText],
  ['failedShare', 'failed checkpoints', share],
  ['stateBytes', 'state', bytes],
  ['stateGrowthBytesPerSecond', 'state growth', (value) => `${value < 0 ? '−' : ''}${bytes(Math.abs(value))}/s`],
  ['mtbfMs', 'time between failures', durationText],
]

/** All figures as text with where they came from. */
export function figureRows({ inferred }: TwinReport): FigureRow[] {
  const rows = FIGURES.map(([key, name, text]): FigureRow => {
    const figure = inferred[key]
    const nothing = figure.sure === 'unknown' ? '?' : 'disabled'
    return { name, value: figure.value === null ? nothing : text(figure.value), figure }
  })
  const times = inferred.failureTimesMs
  rows.push({ name: 'failures seen', value: times.value === null ? '?' : String(times.value.length), figure: times })
  return rows
}

/**
 * Lines of the report.
 * @param columns width of the terminal for a plot, or null for none
 */
export function twinLines(report: TwinReport, colours: Colours, columns: number | null): string[] {
  const { job, flink, lastRecovery, recommended, advice, problems } = report
  const { bold, dim, yellow } = colours
  const about = [job.state, flink.version && `Flink ${flink.version}`, job.bottleneck && `limited by ${job.bottleneck}`]
  const lines = [
    `${bold(job.name ?? 'A Flink job')}${job.id === null ? '' : dim(` ${job.id}`)} ${about.filter(Boolean).join(', ')}`.trimEnd(),
    '',
    ...expectLines(report, colours),
  ]
  const timeline = columns === null ? null : timelineOf(report)
  if (timeline !== null) lines.push('', ...recoveryPlot(timeline, Math.min(columns!, 110)))
  if (lastRecovery !== null)
    lines.push('', `${bold('The last recovery')} (${lastRecovery.cause}): ${lastRecovery.why}.`)
  const interval = recommended.intervalMs === null ? 'none' : settingText(recommended.intervalMs)
  lines.push('', `${bold(`Recommended interval: ${interval}`)} — ${recommended.reason}`)
  if (advice.length > 0)
    lines.push('', bold('Advice'), ...advice.flatMap((item) => [`  ${item.advice}`, dim(`    ${item.evidence}`)]))
  if (problems.length > 0)
    lines.push('', bold('Problems of the dump'), ...problems.map((problem) => `  ${yellow(problem)}`))
  const cells = figureRows(report).map(({ name, value, figure }) => [`  ${name}`, value, figure.sure, dim(figure.from)])
  lines.push('', bold('What the dump says'), ...table(cells, 'lrll').split('\n'))
  return lines
}

function expectLines({ prediction, inferred }: TwinReport, { bold }: Colours): string[] {
  const { recoveryMs, atFailure } = prediction
  const lines: string[] = []
  if (atFailure !== undefined) lines.push(...failureLines(atFailure, bold))
  if (recoveryMs.p50 === null) {
    const missing = [
      inferred.arrivalPerSecond,
      inferred.capacityPerSecond,
      inferred.downtimeMs,
      inferred.checkpointLatencyMs,
    ]
    const why = missing.find((figure) => figure.value === null)?.from
    const reason =
      why ?? ((inferred.utilisation.value ?? 0) >= 1 ? 'the job never catches up' : 'periodic checkpoints are off')
    return [...lines, `${bold('A failure at a random moment')}: no recovery time, ${reason}.`]
  }
  const most = recoveryMs.p99 === null ? 'without bound' : durationText(recoveryMs.p99)
  const nine = recoveryMs.p90 === null ? 'without bound' : durationText(recoveryMs.p90)
  lines.push(
    `${bold('A failure at a random moment')}: recovered after ${durationText(recoveryMs.p50)} (half of them), ${nine} (90 %), ${most} (99 %).`,
  )
  return lines
}

function failureLines(failure: FailurePrediction, bold: (text: string) => string): string[] {
  const when = new Date(failure.failureAtMs).toISOString()
  const kind = failure.kind === 'exception' ? 'An exception' : 'A TaskManager killed'
  const { low80, high80 } = failure
  const band =
    low80 === null ? '' : ` (80 %: ${durationText(low80)} to ${high80 === null ? 'never' : durationText(high80)})`
  const outcome =
    failure.recoveryMs === null ? 'never recovered' : `recovered after ${durationText(failure.recoveryMs)}${band}`
  return [
    `${bold(`${kind} at ${when}`)}: ${outcome}.`,
    `  Down for ${durationText(failure.downtimeMs)}, back to ${failure.fallback.from}: ${durationText(failure.replayMs)} to read ` +
      `again, ${durationText(failure.peakLagMs)} behind at most.`,
  ]
}
