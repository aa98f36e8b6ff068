import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { InputError } from './input-error.ts'

/** The cases of one suite, as files hold them. */
export interface SuiteFile {
  readonly suite: string
  /** Relative to the folder that was asked for. */
  readonly path: string
  /** Parsed on demand: together they are large. */
  cases(): readonly unknown[]
}

const ENDING = /\.jsonl(\.gz)?$/

/**
 * The suites of a folder: dataflow/programs.jsonl, vectors/*.jsonl and flink/traces/*.jsonl, each also as .gz.
 * @throws InputError if the folder is missing or holds none of them
 */
export function suiteFiles(folder: string): readonly SuiteFile[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(`There is no folder '${folder}': name one that holds vectors/, dataflow/ or flink/traces/.`)
  const programs = linesFiles(folder, 'dataflow').filter(({ name }) => name === 'programs')
  const vectors = linesFiles(folder, 'vectors')
  const traces = linesFiles(folder, 'flink/traces')
  const found: SuiteFile[] = [
    ...programs.map(({ path }) => ({ suite: 'dataflow', path, cases: () => lines(folder, path) })),
    ...vectors.map(({ name, path }) => ({ suite: name, path, cases: () => lines(folder, path) })),
  ]
  if (traces.length > 0)
    found.push({
      suite: 'traces',
      path: 'flink/traces',
      cases: () => traces.map(({ name, path }) => ({ id: name, events: lines(folder, path) })),
    })
  if (found.length === 0)
    throw new InputError(
      `There is no suite in '${folder}': it has neither dataflow/programs.jsonl nor vectors/*.jsonl nor flink/traces/*.jsonl (.gz of them will do).`,
    )
  return found
}

/** The files of JSON lines in a subfolder, in order of their names; of a file and its .gz the first. */
function linesFiles(folder: string, within: string): readonly { name: string; path: string }[] {
  const place = join(folder, within)
  if (!existsSync(place) || !statSync(place).isDirectory()) return []
  const names = new Map<string, string>()
  for (const file of readdirSync(place).sort()) {
    const name = file.replace(ENDING, '')
    if (name !== file && !names.has(name)) names.set(name, join(within, file))
  }
  return [...names].map(([name, path]) => ({ name, path }))
}

/** The objects of a file, one a line. @throws InputError that names file and line */
function lines(folder: string, path: string): readonly unknown[] {
  const file = join(folder, path)
  const found: unknown[] = []
  for (const [index, line] of text(file).split('\n').entries()) {
    if (line.trim() === '') continue
    try {
      found.push(JSON.parse(line))
    } catch (error) {
      const where = `${relative(process.cwd(), file)}:${index + 1}`
      throw new InputError(`${where} is not JSON: ${error instanceof Error ? error.message : error}.`)
    }
  }
  if (found.length === 0) throw new InputError(`'${file}' holds no case: give it one JSON object a line, or remove it.`)
  return found
}

function text(file: string): string {
  const bytes = readFileSync(file)
  if (!file.endsWith('.gz')) return bytes.toString('utf8')
  try {
    return gunzipSync(bytes).toString('utf8')
  } catch (error) {
    throw new InputError(`'${file}' cannot be unpacked: ${error instanceof Error ? error.message : error}.`)
  }
}
