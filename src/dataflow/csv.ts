/**
 * CSV as RFC 4180 has it: a header row, fields between commas, quotes around fields that contain commas, quotes or line
 * ends, a quote in a quoted field doubled. Nothing is guessed and nothing skipped: a row that does not fit is refused.
 */
import { BrokenRow } from './broken-row.ts'
import { inWords, JobError } from './job-error.ts'
import { withoutByteOrderMark } from './text-lines.ts'

/** 'int': a safe integer. 'number': a finite decimal number. 'boolean': true or false. */
export type ColumnType = 'string' | 'int' | 'number' | 'boolean'
interface ValueOf {
  string: string
  int: number
  number: number
  boolean: boolean
}
/** The columns to read and their types, by their names in the header; others are left out. */
export type Columns = Readonly<Record<string, ColumnType>>
export type CsvRow<C extends Columns> = { readonly [Name in keyof C]: ValueOf[C[Name]] }

/**
 * The rows of a CSV text as objects, with the named columns; with all of them as strings if none are named.
 * @param file names the text in errors
 * @throws BrokenRow with file and line for a row that is broken, JobError for a header that lacks a column
 */
export function parseCsv(text: string, file: string): Readonly<Record<string, string>>[]
export function parseCsv<const C extends Columns>(text: string, file: string, columns: C): CsvRow<C>[]
export function parseCsv(text: string, file: string, columns?: Columns): Readonly<Record<string, unknown>>[] {
  const [header, ...rows] = cells(withoutByteOrderMark(text), file)
  if (!header)
    throw new JobError(
      `${file} is empty where a CSV header was expected; put the names of the columns into its first line`,
    )
  const names = header.fields
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new BrokenRow(file, header.line, `the header names the column ${inWords(twice)} twice`)
  const wanted = Object.entries(columns ?? Object.fromEntries(names.map((name) => [name, 'string'] as const))).map(
    ([name, type]) => ({ name, type, at: indexOf(names, name, file) }),
  )
  return rows.map(({ line, fields }) => {
    if (fields.length !== names.length) {
      throw new BrokenRow(
        file,
        line,
        `the header has ${fieldCount(names.length)}, but the row has ${fieldCount(fields.length)}`,
      )
    }
    return Object.fromEntries(
      wanted.map(({ name, type, at }) => [name, converted(fields[at]!, name, type, file, line)]),
    )
  })
}

function indexOf(names: readonly string[], name: string, file: string): number {
  const at = names.indexOf(name)
  if (at < 0)
    throw new JobError(`${file} has no column ${inWords(name)}: its columns are ${names.map(inWords).join(', ')}`)
  return at
}

const fieldCount = (n: number): string => (n === 1 ? '1 field' : `${n} fields`)

function converted(field: string, name: string, type: ColumnType, file: string, line: number): unknown {
  if (type === 'string') return field
  if (type === 'boolean' && (field === 'true' || field === 'false')) return field === 'true'
  if (type === 'int' && /^[+-]?\d+$/.test(field) && Number.isSafeInteger(Number(field))) return Number(field)
  if (type === 'number' && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(field) && Number.isFinite(Number(field))) {
    return Number(field)
  }
  const expected = { int: 'an integer', number: 'a number', boolean: 'true or false' }[type]
  throw new BrokenRow(file, line, `column ${inWords(name)} must be ${expected}, but is ${inWords(field)}`)
}

interface Row {
  readonly line: number
  readonly fields: string[]
}

const QUOTED = /"([^"]*(?:""[^"]*)*)"/y
const PLAIN = /[^,"\r\n]*/y
const COMMA_OR_END = /,|\r?\n|$/y

function cells(text: string, file: string): Row[] {
  const rows: Row[] = []
  let at = 0
  let line = 1
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) at = pattern.lastIndex
    return match
  }
  while (at < text.length) {
    const row: Row = { line, fields: [] }
    rows.push(row)
    let end: RegExpExecArray | null
    do {
      const quoted = text[at] === '"'
      const field = take(quoted ? QUOTED : PLAIN)
      if (!field) throw new BrokenRow(file, line, 'a quoted field is opened and never closed')
      row.fields.push(quoted ? field[1]!.replaceAll('""', '"') : field[0])
      line += field[0].split('\n').length - 1
      end = take(COMMA_OR_END)
      if (!end) {
        throw new BrokenRow(
          file,
          line,
          `a comma or a line end was expected after ${inWords(field[0])}, but ${inWords(text[at])} came`,
        )
      }
    } while (end[0] === ',')
    line += 1
  }
  return rows
}
