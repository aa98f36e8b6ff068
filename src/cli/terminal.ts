/** What a terminal can show: colours where they are wanted, and tables of aligned columns. */

/** The part of a stream that matters here. */
export interface TerminalStream {
  readonly isTTY?: boolean
}

export type Paint = (text: string) => string

export interface Colours {
  readonly bold: Paint
  readonly dim: Paint
  readonly red: Paint
  readonly green: Paint
  readonly yellow: Paint
  readonly cyan: Paint
}

/**
 * Colours for a stream: on a terminal only, never under NO_COLOR (https://no-color.org) or TERM=dumb, always under
 * FORCE_COLOR.
 */
export function coloursFor(stream: TerminalStream, env: NodeJS.ProcessEnv = process.env): Colours {
  const forced = Boolean(env.FORCE_COLOR) && env.FORCE_COLOR !== '0'
  const on = !env.NO_COLOR && (forced || (stream.isTTY === true && env.TERM !== 'dumb'))
  const paint = (open: number, close: number): Paint =>
    on ? (text) => `\u001b[${open}m${text}\u001b[${close}m` : (text) => text
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  }
}

/** The columns that a text takes up, not counting colours. */
export function textWidth(text: string): number {
  return [...text.replaceAll(ANSI, '')].length
}
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

/**
 * Lines up cells in columns, two spaces apart.
 * @param rows the cells; a row may be shorter than the others
 * @param align a letter a column, 'l' or 'r'; columns without one are left-aligned
 */
export function table(rows: readonly (readonly string[])[], align = ''): string {
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, textWidth(cell))
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => {
        const gap = ' '.repeat(widths[i]! - textWidth(cell))
        return align[i] === 'r' ? gap + cell : cell + gap
      })
      .join('  ')
      .trimEnd()
  return rows.map(line).join('\n')
}
