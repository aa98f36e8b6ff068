import type { Paint } from './paint.ts'
import { wrapped } from './wrapped.ts'

/** Columns that a line takes at most, if its items can be broken. */
const WIDTH = 110
const INDENT = '  '

/** A label and what belongs to it: a text, or items that are put on as many lines as they take. */
export type Labelled = readonly [label: string, content: string | readonly string[]]

/** Labels in one column, contents in another. */
export function labelledLines(rows: readonly Labelled[], paint: Paint): string[] {
  const width = Math.max(0, ...rows.map(([label]) => label.length)) + 2
  return rows.flatMap(([label, content]) =>
    (typeof content === 'string' ? [content] : wrapped(withCommas(content), WIDTH - width - INDENT.length)).map(
      (line, i) => `${INDENT}${i === 0 ? paint(label.padEnd(width), 'quiet') : ' '.repeat(width)}${line}`,
    ),
  )
}

/** All but the last one with a comma. */
const withCommas = (items: readonly string[]): string[] =>
  items.map((item, i) => (i === items.length - 1 ? item : `${item},`))
