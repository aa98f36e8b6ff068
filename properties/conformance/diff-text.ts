import { canonical } from './replay-steps.ts'
import type { FirstDisagreement, SuiteReport } from './run-suite.ts'

/** Equal rows shown before and after those that differ. */
const CONTEXT = 3
const WIDEST = 56

/** One line for a suite that agrees; else its first disagreement, readable. */
export function reportText(report: SuiteReport): string {
  const { suite, cases, agreed, steps, firstDisagreement } = report
  const inSteps = steps === undefined ? '' : `, ${grouped(steps)} ${steps === 1 ? 'step' : 'steps'}`
  const head = `${suite}: ${grouped(agreed)} of ${grouped(cases)} cases agree${inSteps}`
  return firstDisagreement === undefined ? head : [head, ...disagreement(firstDisagreement)].join('\n')
}

function disagreement(first: FirstDisagreement): string[] {
  const { step, event, expected, got, states, message, why } = first
  const at = step === undefined ? '' : `, step ${step}`
  const lines = [`  first disagreement: ${first.case}${at}${why === undefined ? '' : ` (${why})`}`]
  if (event !== undefined) lines.push(`  event    ${JSON.stringify(event)}`)
  if (message !== undefined) lines.push(`  ${message}`)
  if (expected !== undefined || got !== undefined) lines.push(...compared(expected, got))
  if (states !== undefined)
    lines.push(
      `  states   ${Object.entries(states)
        .map(([name, leaf]) => `${name}: ${leaf}`)
        .join(', ')}`,
    )
  return lines
}

function compared(expected: unknown, got: unknown): string[] {
  if (Array.isArray(expected) && Array.isArray(got)) return sideBySide(expected, got, '  ')
  if (!isObject(expected) || !isObject(got))
    return [`  expected ${JSON.stringify(expected)}`, `  got      ${JSON.stringify(got)}`]
  const names = [...new Set([...Object.keys(expected), ...Object.keys(got)])]
  return names.flatMap((name) => {
    const [theirs, ours] = [expected[name], got[name]]
    if (canonical(theirs) === canonical(ours)) return [`  ${name}: ${JSON.stringify(theirs)}, as expected`]
    if (Array.isArray(theirs) && Array.isArray(ours)) return [`  ${name}:`, ...sideBySide(theirs, ours, '    ')]
    return [`  ${name}: expected ${JSON.stringify(theirs)}, got ${JSON.stringify(ours)}`]
  })
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Two lists in two columns, from a little before their first difference to a little after the last. */
function sideBySide(expected: readonly unknown[], got: readonly unknown[], indent: string): string[] {
  const left = expected.map((row) => canonical(row))
  const right = got.map((row) => canonical(row))
  let before = 0
  while (before < left.length && left[before] === right[before]) before += 1
  let after = 0
  while (after < Math.min(left.length, right.length) - before && left.at(-1 - after) === right.at(-1 - after))
    after += 1
  const from = Math.max(0, before - CONTEXT)
  const rows = Math.max(left.length, right.length) - after
  const table: [mark: string, left: string, right: string][] = [[' ', 'expected', 'got']]
  if (from > 0) table.push([' ', `(${from} equal rows)`, ''])
  for (let i = from; i < rows; i += 1)
    table.push([
      i < before ? ' ' : '!',
      left.slice(0, left.length - after)[i] ?? '-',
      right.slice(0, right.length - after)[i] ?? '-',
    ])
  for (let i = after; i > Math.max(0, after - CONTEXT); i -= 1) table.push([' ', left.at(-i)!, right.at(-i)!])
  if (after > CONTEXT) table.push([' ', `(${after - CONTEXT} equal rows)`, ''])
  const width = Math.min(WIDEST, Math.max(...table.map(([, cell]) => cell.length)))
  return table.map(([mark, a, b]) => `${indent}${mark} ${a.padEnd(width)}  ${b}`.trimEnd())
}

const grouped = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',')
