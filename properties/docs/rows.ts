/**
 * Output without what differs from machine to machine and from version to version: tokens, digests, durations, figures, the
 * width of columns, empty lines. What is left are the words, and these must be as a document shows them.
 */
export interface Row {
  readonly words: string
  /** The lines that it was made of: from `first` up to, but without `end`. */
  readonly first: number
  readonly end: number
}

export function rowsOf(output: readonly string[]): Row[] {
  const rows: Row[] = []
  for (let first = 0, end = 0; first < output.length; first = end) {
    end = first + 1
    let text = plain(output[first]!)
    // a row that goes on in the next line ends with a comma
    while (text.endsWith(',') && /^ {4,}/.test(output[end] ?? '')) {
      text += ` ${plain(output[end]!)}`
      end += 1
    }
    const words = masked(text)
    if (words !== '' && !BY_CHANCE.test(words)) rows.push({ words, first, end })
  }
  return rows
}

// the character itself would be seen by nobody
const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')
const plain = (line: string): string => line.replaceAll(COLOUR, '').trimEnd()

/** A row that is there or not: whether any plan of a check breaks an assumption. */
const BY_CHANCE = /^assumptions /

function masked(row: string): string {
  const words = row
    // a document may show no more than the beginning of a token
    .replaceAll(/cutline:v1:([a-z0-9-]+):[\w-]+…?/g, 'cutline:v1:$1:TOKEN')
    .replaceAll(/\b[0-9a-f]{16}\b/g, 'DIGEST')
    .replaceAll(/\d+(?:[.,]\d+)* ?(?:µs|ms|s|min|h|d)\b/g, 'DURATION')
    .replaceAll(/\d+(?:st|nd|rd|th)\b/g, '#th')
    .replaceAll(/\d+(?:[.,]\d+)*/g, '#')
    // 1 run, 2 runs
    .replaceAll(/# ([a-z]+)s\b/g, '# $1')
    .replaceAll(/\s+/g, ' ')
    .trim()
  // which kinds struck, and which of them the most often, are figures as well
  return words.replace(/^(faults|permitted) [a-z-]+ #(, [a-z-]+ #)*$/, '$1 COUNTS')
}
