import { BrokenRow } from './broken-row.ts'
import { inWords } from './job-error.ts'
import { parseTextLines } from './text-lines.ts'

/**
 * The values of a JSON Lines text, one a line.
 * @param file names the text in errors
 * @throws BrokenRow for a line that is empty or no JSON
 */
export function parseJsonLines<T = unknown>(text: string, file: string): T[] {
  return parseTextLines(text).map((line, i) => {
    if (line.trim() === '') throw new BrokenRow(file, i + 1, 'the line is empty where a JSON value was expected')
    try {
      return JSON.parse(line) as T
    } catch {
      throw new BrokenRow(file, i + 1, `one JSON value was expected, but the line is ${inWords(line)}`)
    }
  })
}
