import { type Row, rowsOf } from './rows.ts'

/** Stands for any lines, also for none. */
const ANYTHING = '…'

/** What was printed, as the document would show it; or the words of the first lines that are shown and were not printed there. */
export type Compared = { readonly as: readonly string[] } | { readonly missing: string }

/** Compares what a document shows with what was printed, by their words. */
export function compareOutput(shown: readonly string[], printed: readonly string[]): Compared {
  const parts = partsOf(shown)
  const rows = rowsOf(printed)
  const found: Row[][] = []
  let from = 0
  for (const [i, part] of parts.entries()) {
    const at = i === parts.length - 1 && i > 0 ? rows.length - part.length : i === 0 ? 0 : placeOf(part, rows, from)
    const there = at < from ? [] : rows.slice(at, at + part.length)
    const all = parts.length > 1 || rows.length === part.length
    if (!same(part, there) || !all) return { missing: part.join('\n') }
    found.push(there)
    from = at + part.length
  }
  const short = shown.some((line) => SHORT_TOKEN.test(line))
  return { as: found.flatMap((there, i) => [...(i > 0 ? [ANYTHING] : []), ...linesOf(there, printed, short)]) }
}

/** The words of the lines between those that stand for any. */
function partsOf(shown: readonly string[]): string[][] {
  const parts: string[][] = [[]]
  for (const { words } of rowsOf(shown)) {
    if (words === ANYTHING) parts.push([])
    else parts.at(-1)!.push(words)
  }
  return parts
}

/** -1 if it is nowhere. */
function placeOf(part: readonly string[], rows: readonly Row[], from: number): number {
  for (let at = from; at + part.length <= rows.length; at += 1)
    if (same(part, rows.slice(at, at + part.length))) return at
  return -1
}

const same = (part: readonly string[], rows: readonly Row[]): boolean =>
  part.length === rows.length && part.every((words, i) => words === rows[i]!.words)

const SHORT_TOKEN = /cutline:v1:[a-z0-9-]+:[\w-]+…/
const TOKEN = /(cutline:v1:[a-z0-9-]+:[\w-]{16})[\w-]*/g

/** With the empty lines in between. */
function linesOf(rows: readonly Row[], printed: readonly string[], short: boolean): string[] {
  const lines = rows.length === 0 ? [] : printed.slice(rows[0]!.first, rows.at(-1)!.end)
  return lines.map((line) => (short ? line.replaceAll(TOKEN, '$1…') : line).trimEnd())
}
