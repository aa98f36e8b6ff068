/** A failure for people, the most useful first: how to see it again, what strikes, what should have been and what was. */
import type { PlanSize } from '../check/index.ts'
import { durationText } from '../intervals/index.ts'
import { describeFault, type Finding, type Plan } from '../model/index.ts'
import { counted } from './grouped.ts'
import { type Labelled, labelledLines } from './labelled-lines.ts'
import type { Paint } from './paint.ts'

/** How a failing run was made small. */
export interface ShrinkSteps {
  readonly from: PlanSize
  readonly to: PlanSize
  readonly evaluations: number
  readonly seconds: number
}
export interface FailureReport {
  /** Finding and plan of the smallest run that is known. */
  readonly finding: Finding
  readonly plan: Plan
  /** Null if a replay cannot show it. */
  readonly token: string | null
  /** File that the scenario read, if the user named it. */
  readonly input?: string
  /** File that the scenario is in, if a replay has to be told. */
  readonly file?: string
  readonly shrunk?: ShrinkSteps
  /** Files that were written. */
  readonly files: readonly string[]
}

export function failureLines(report: FailureReport, paint: Paint): string[] {
  const { finding, plan, token, shrunk, files } = report
  const faults = plan.faults.length === 0 ? ['none: it fails without any'] : plan.faults.map(describeFault)
  const rows: Labelled[] = [
    ...faults.map((fault, i): Labelled => [i === 0 ? 'faults' : '', fault]),
    ...findingRows(finding),
    ...(shrunk === undefined ? [] : [['shrunk', shrunkText(shrunk)] satisfies Labelled]),
    ...files.map((file): Labelled => ['written', file]),
  ]
  return [
    paint(finding.message, 'strong'),
    ...(token === null ? [] : ['', replayLine(token, report)]),
    '',
    ...labelledLines(rows, paint),
  ]
}

/** The command that shows the failure again, ready for a shell. */
function replayLine(token: string, { file, input }: Pick<FailureReport, 'file' | 'input'>): string {
  const flag = (name: string, path: string | undefined): string =>
    path === undefined ? '' : ` --${name} ${word(path)}`
  return `cutline replay ${token}${flag('file', file)}${flag('input', input)}`
}
const word = (text: string): string => (/^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** What was expected and what was there instead, as far as the oracle says. */
export function findingRows({ expected, actual }: Finding): Labelled[] {
  const rows: Labelled[] = []
  if (expected !== undefined) rows.push(['expected', valueText(expected)])
  if (actual !== undefined) rows.push(['actual', valueText(actual)])
  return rows
}

/** '5 faults, 87 records, parallelism 2 → 1 fault, 3 records, parallelism 1 (123 runs, 0.8 s)' */
export function shrunkText({ from, to, evaluations, seconds }: ShrinkSteps): string {
  const steps = `(${counted(evaluations, 'run')}, ${durationText(seconds * 1000)})`
  if (sizeText(from) === sizeText(to)) return `${sizeText(to)}: as small as it was ${steps}`
  return `${sizeText(from)} → ${sizeText(to)} ${steps}`
}

const sizeText = ({ faults, records, parallelism }: PlanSize): string =>
  `${counted(faults, 'fault')}, ${counted(records, 'record')}, parallelism ${parallelism}`

const LONGEST = 300

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value))
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}
