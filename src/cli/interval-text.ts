/** The recommendation for people: the interval first, then why, then the rest. */
import { durationText, type IntervalReport, numberText, type OtherModel, settingText } from '../intervals/index.ts'
import { intervalPlot, intervalTable, type PlotRole, shareText } from '../report/index.ts'
import { type Colours, type Paint, table } from './terminal.ts'

/**
 * Lines of the report.
 * @param columns width of the terminal for a plot, or null for none
 */
export function intervalLines(report: IntervalReport, colours: Colours, columns: number | null): string[] {
  const { recommended, goals, model, others, notes } = report
  const { bold, dim, red, green, cyan, yellow } = colours
  const lines = [
    `${bold(`Recommended interval: ${settingText(recommended.intervalMs)}`)} — ${recommended.reason}`,
    '',
    ...candidateLines(report, colours),
  ]
  if (columns !== null) {
    const paints: Record<PlotRole, Paint> = { overhead: cyan, recovery: green, goal: red, mark: bold, quiet: dim }
    lines.push('', ...intervalPlot(report, Math.min(columns, 120), (text, role) => paints[role](text)))
  }
  if (goals.length > 0)
    lines.push('', bold('Goals'), ...goals.map(({ text, reachable }) => `  ${reachable ? text : red(text)}`))
  lines.push('', bold('Models'), `  In use: ${model.name}; ${model.why}.`, ...otherLines(others, colours))
  lines.push('', bold('Beyond the table'), ...riskLines(report).map((line) => `  ${line}`))
  if (notes.length > 0) lines.push('', ...notes.map((note) => yellow(note)))
  return lines
}

function candidateLines(report: IntervalReport, { bold, dim }: Colours): string[] {
  const { heading, rows } = intervalTable(report)
  const cells = [['', ...heading], ...rows.map((row) => [row.recommended ? '▸' : '', ...row.cells])]
  const last = heading[heading.length - 1] === 'misses' ? 'l' : 'r'
  const lines = table(cells, `l${'r'.repeat(heading.length - 1)}${last}`).split('\n')
  return lines.map((line, i) => (i === 0 ? dim(line) : rows[i - 1]!.recommended ? bold(line) : line))
}

function otherLines(others: readonly OtherModel[], { dim }: Colours): string[] {
  const rows = others
    .filter((other) => other.refusal === null)
    .map((other) => [
      `  ${other.name}`,
      durationText(other.intervalMs!),
      differenceText(other.difference!),
      other.utilisation === null ? 'shorter than a checkpoint takes' : `${shareText(other.utilisation)} useful there`,
      other.ownUtilisation === null ? '' : `sees ${shareText(other.ownUtilisation)} at the optimum`,
    ])
  const refused = others.filter((other) => other.refusal !== null).map((other) => dim(`  ${other.refusal}`))
  return [...(rows.length === 0 ? [] : table(rows, 'lrrll').split('\n')), ...refused]
}

function differenceText(difference: number): string {
  const percent = (difference * 100).toFixed(2)
  return Number(percent) === 0 ? 'the same' : `${difference > 0 ? '+' : ''}${percent} %`
}

function riskLines({ risks, recommended, problem, optimum }: IntervalReport): string[] {
  const percent = (share: number): string => `${numberText(share * 100)} %`
  const { exposed, secondFailure, recoveryFreeCheckpointsMs } = risks
  const lines = [
    `After a restart the first checkpoint is durable after ${durationText(exposed.exposedMs)}. A failure before that ` +
      `(${percent(exposed.probability)}) falls back`,
    `to the old one, then ${durationText(exposed.meanAgeMs)} old on average, ${durationText(exposed.worstAgeMs)} at worst.`,
  ]
  if (secondFailure !== null)
    lines.push(
      `Another failure before the backlog is gone (${percent(secondFailure.probability)}) adds ` +
        `${durationText(secondFailure.addedRecoveryMs)} to the mean recovery.`,
    )
  if (recoveryFreeCheckpointsMs !== null && problem.profile === null) {
    const withMs = recommended.recoveryMs!.p99
    const same = Math.abs(withMs / recoveryFreeCheckpointsMs - 1) < 0.005
    lines.push(
      same
        ? 'Checkpoints during the catch-up change the recovery by less than 0.5 %.'
        : `If checkpoints cost nothing during the catch-up, recovery p99 would be ${durationText(recoveryFreeCheckpointsMs)} instead of ${durationText(withMs)}.`,
    )
  }
  if (optimum.limitsMs !== null)
    lines.push(
      `The failures seen leave the optimum between ${durationText(optimum.limitsMs[0])} and ${durationText(optimum.limitsMs[1])} (95 %).`,
    )
  return lines
}
