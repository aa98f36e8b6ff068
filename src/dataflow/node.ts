/**
 * Sources that read files; the only part of dataflow that needs Node. A file is read when the job is built.
 *
 * @module cutline/node
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ArraySourceOptions, Columns, CsvRow, Source } from './index.ts'
import { fromArray, JobError, parseCsv, parseJsonLines, parseTextLines } from './index.ts'

/** A path, absolute or from the working directory, or a file URL such as `new URL('./rows.csv', import.meta.url)`. */
export type FilePath = string | URL

/**
 * A source of the rows of a CSV file with a header, all columns as strings, or those in `columns` with their types.
 * @throws BrokenRow with file and line, JobError if the file cannot be read or lacks a column
 */
export function csvFile(
  path: FilePath,
  options?: ArraySourceOptions<Readonly<Record<string, string>>> & { readonly columns?: never },
): Source<Readonly<Record<string, string>>>
export function csvFile<const C extends Columns>(
  path: FilePath,
  options: ArraySourceOptions<CsvRow<C>> & { readonly columns: C },
): Source<CsvRow<C>>
export function csvFile(
  path: FilePath,
  options: ArraySourceOptions<never> & { readonly columns?: Columns } = {},
): Source<unknown> {
  const text = readTextFile(path)
  const rows = options.columns ? parseCsv(text, nameOf(path), options.columns) : parseCsv(text, nameOf(path))
  return fromArray(rows as readonly unknown[] as readonly never[], options)
}

/** A source of the values of a JSON Lines file. @throws BrokenRow with file and line, JobError if the file cannot be read */
export const jsonLinesFile = <T = unknown>(path: FilePath, options: ArraySourceOptions<T> = {}): Source<T> =>
  fromArray(parseJsonLines<T>(readTextFile(path), nameOf(path)), options)

/** A source of the lines of a text file. @throws JobError if the file cannot be read */
export const textFile = (path: FilePath, options: ArraySourceOptions<string> = {}): Source<string> =>
  fromArray(parseTextLines(readTextFile(path)), options)

const nameOf = (path: FilePath): string => (path instanceof URL ? fileURLToPath(path) : path)

/** The text of a file in UTF-8. @throws JobError if the file cannot be read */
export function readTextFile(path: FilePath): string {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const why = { ENOENT: 'there is no such file', EACCES: 'reading it is not allowed', EISDIR: 'it is a directory' }
    const reason = why[code as keyof typeof why] ?? String(code)
    throw new JobError(
      `cannot read ${nameOf(path)}: ${reason}; give a path from the working directory (${process.cwd()})`,
    )
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new JobError(`cannot read ${nameOf(path)}: it is not UTF-8 text; save it as UTF-8`)
  }
}
