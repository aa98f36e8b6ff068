/** The museum as a table: which bug, who found it first, after how many runs, how small it became. */
import type { PlanSize, ReplayAnswer, Verdict } from '../check/index.ts'
import { durationText } from '../intervals/index.ts'
import { grouped } from './grouped.ts'

/** What became of one bug. */
export interface BugRow {
  readonly id: string
  readonly issue: string | null
  readonly scenario: string
  readonly title: string
  /** Oracles that the bug's file declares. */
  readonly declared: readonly string[]
  readonly found: boolean
  /** Runs until it was found, or all that were made. */
  readonly runs: number
  /** Seconds until it was found. */
  readonly seconds: number
  /** The oracle that reported it first. */
  readonly oracle: string | null
  readonly verdict: Verdict | null
  readonly fingerprint: string | null
  readonly shrunk: (PlanSize & { readonly evaluations: number; readonly seconds: number }) | null
  readonly token: string | null
  /** What a replay of the token says. */
  readonly replay: ReplayAnswer | null
}

const HEADING = ['bug', 'issue', 'scenario', 'found by', 'runs', 'faults', 'records', 'seconds'] as const
/** How the columns are aligned: 'l' or 'r'. */
export const BUG_ALIGN = 'llllrrrr'

/** Heading and one row a bug, as cells of text. */
export function bugTable(rows: readonly BugRow[]): string[][] {
  return [[...HEADING], ...rows.map(cells)]
}

function cells({ id, issue, scenario, declared, found, runs, seconds, oracle, shrunk, replay }: BugRow): string[] {
  const by = !found
    ? 'NOT FOUND'
    : `${oracle}${declared.includes(oracle!) ? '' : ' (unexpected)'}${replay === null || replay === 'same' ? '' : ' (replay differs)'}`
  return [
    id,
    issue ?? '',
    scenario,
    by,
    grouped(runs),
    shrunk === null ? '' : String(shrunk.faults),
    shrunk === null ? '' : String(shrunk.records),
    seconds.toFixed(2),
  ]
}

/** One line: how many were found, and what the slowest one took. */
export function bugsLine(rows: readonly BugRow[]): string {
  const found = rows.filter((row) => row.found)
  const missed = rows.filter((row) => !row.found).map((row) => row.id)
  const slowest = Math.max(0, ...found.map((row) => row.runs))
  const all = found.length === rows.length ? `all ${rows.length} found` : `${found.length} of ${rows.length} found`
  return `${all}${found.length > 0 ? `, at the latest in run ${grouped(slowest)}` : ''}${missed.length > 0 ? `; missed: ${missed.join(', ')}` : ''}`
}

/** The matrix as a Markdown document. */
export function bugsMarkdown(
  rows: readonly BugRow[],
  { runs, seed, command }: { runs: number; seed: string; command: string },
): string {
  const [heading, ...body] = bugTable(rows).map((row) => `| ${row.join(' | ')} |`)
  const rule = `|${[...BUG_ALIGN].map((side) => (side === 'r' ? ' ---: |' : ' --- |')).join('')}`
  const seconds = rows.reduce((sum, row) => sum + row.seconds + (row.shrunk?.seconds ?? 0), 0)
  return `# The museum

Each known bug is planted in its scenario, which then runs under random faults until an oracle finds it; the failure is shrunk
and its token replayed. Regenerate with:

    ${command}

Seed ${seed}, up to ${grouped(runs)} runs each, ${durationText(seconds * 1000)} of work: ${bugsLine(rows)}. "Found by" is the oracle that reported first,
"runs" counts up to the run that failed; faults and records are those of the shrunk failure; seconds are until it was found.

${[heading, rule, ...body].join('\n')}

## To replay

${rows.flatMap((row) => (row.token === null ? [] : [`- ${row.title} (${row.fingerprint})\n\n      cutline replay ${row.token}`])).join('\n')}
`
}
