import type { Paint } from './paint.ts'

/** Columns that a line takes at most, if its items can be broken. */
const WIDTH = 110
const INDENT = '  '

/** A label and what belongs to it: a text, or items that are put on as many lines as they take. */
export type Labelled = readonly [label: string, content: string | readonly string[]]

/** Labels in one column, contents in another. */
export function labelledLines(rows: readonly Labelled[], paint: Paint): string[] {
  const width = Math.max(0, ...rows.map(([label]) => label.length)) + 2
  return rows.flatMap(([label, content]) =>
    (typeof content === 'string' ? [content] : wrapped(content, WIDTH - width - INDENT.length)).map(
      (line, i) => `${INDENT}${i === 0 ? paint(label.padEnd(width), 'quiet') : ' '.repeat(width)}${line}`,
    ),
  )
}

/** Items with commas, on lines of at most this many columns; a longer item stands alone. */
function wrapped(items: readonly string[], columns: number): string[] {
  const lines: string[] = []
  let line = ''
  items.forEach((item, i) => {
    const text = i === items.length - 1 ? item : `${item},`
    if (line !== '' && line.length + 1 + text.length > columns) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? text : `${line} ${text}`
  })
  return [...lines, line]
}
