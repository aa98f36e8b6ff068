import { durationText, type IntervalReport, type IntervalRow, numberText, settingText } from '../intervals/index.ts'

/** The candidates of a report as cells of text: a heading and a row for each interval. */
export interface IntervalTable {
  readonly heading: readonly string[]
  /** What the columns mean, for a page that can show it. */
  readonly explanations: readonly string[]
  readonly rows: readonly { readonly cells: readonly string[]; readonly recommended: boolean }[]
}

interface Column {
  readonly heading: string
  readonly explanation: string
  cell(row: IntervalRow): string
}

/** A share with enough digits to tell neighbours apart: 0.98885 -> "98.89 %". */
export const shareText = (share: number): string => `${(share * 100).toFixed(2)} %`

/** A count of records: 5880350 -> "5.88 M". */
function countText(count: number): string {
  if (count < 10_000) return String(Math.round(count))
  if (count < 1e6) return `${numberText(count / 1000)} k`
  return count < 1e9 ? `${numberText(count / 1e6)} M` : `${numberText(count / 1e9)} G`
}

const MISSES: Readonly<Record<IntervalRow['misses'][number], string>> = {
  recovery: 'recovery',
  replay: 'replay',
  latency: 'peak lag',
}

/** The table of candidates: utilisation, overhead, replay, recovery p50 / p90 / p99, peak lag, and the goals missed. */
export function intervalTable({ problem, candidates, recommended }: IntervalReport): IntervalTable {
  const columns: Column[] = [
    {
      heading: 'interval',
      explanation: 'from one trigger to the next',
      cell: (row) =>
        row.effectiveMs > row.intervalMs * 1.001
          ? `${settingText(row.intervalMs)} (in effect ${durationText(row.effectiveMs)})`
          : settingText(row.intervalMs),
    },
    {
      heading: 'useful',
      explanation: 'share of all time that is useful work',
      cell: (row) => shareText(row.utilisation),
    },
    {
      heading: 'overhead',
      explanation: 'time lost per time of useful work',
      cell: (row) => `${numberText(row.overhead * 100)} %`,
    },
    {
      heading: 'replay',
      explanation: 'mean age of the checkpoint that a failure falls back to',
      cell: (row) => durationText(row.replayMs.mean),
    },
  ]
  if (problem.load !== null)
    for (const quantile of ['p50', 'p90', 'p99'] as const)
      columns.push({
        heading: quantile === 'p50' ? 'recovery p50' : quantile,
        explanation: `time from the failure until the backlog is gone, ${quantile}`,
        cell: (row) => durationText(row.recoveryMs![quantile]),
      })
  columns.push({
    heading: 'peak lag',
    explanation: 'age of the oldest record not yet processed when work goes on, p99',
    cell: (row) => durationText(row.peakLagMs.p99),
  })
  if (problem.arrivalPerSecond !== null)
    columns.push({
      heading: 'backlog',
      explanation: 'records waiting then, p99',
      cell: (row) => countText(row.peakBacklogRecords!),
    })
  if (candidates.some((row) => row.misses.length > 0))
    columns.push({
      heading: 'misses',
      explanation: 'goals that this interval misses',
      cell: (row) => row.misses.map((goal) => MISSES[goal]).join(', '),
    })
  return {
    heading: columns.map((column) => column.heading),
    explanations: columns.map((column) => column.explanation),
    rows: candidates.map((row) => ({
      cells: columns.map((column) => column.cell(row)),
      recommended: row.intervalMs === recommended.intervalMs,
    })),
  }
}
