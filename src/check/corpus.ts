/**
 * The corpus: failing runs that are kept, one JSON object a line, so that whoever writes it can append and flush at once and a
 * broken line loses nothing else. This file makes and reads lines; who has files writes them.
 */
import { InputError, inWords } from './input-error.ts'
import { openToken } from './token.ts'

export interface CorpusEntry {
  readonly token: string
  readonly scenario: string
  /** Id of the planted bug that the run had; none: the failure was found in the real code. */
  readonly bug?: string
  readonly fingerprint: string
  readonly note?: string
  /** When it was found, as the caller writes dates: '2026-11-25' or longer. */
  readonly date: string
}

const REQUIRED = ['token', 'scenario', 'fingerprint', 'date'] as const
const OPTIONAL = ['bug', 'note'] as const

/** One line with its line feed. */
export function corpusLine({ token, scenario, bug, fingerprint, note, date }: CorpusEntry): string {
  return `${JSON.stringify({ token, scenario, bug, fingerprint, note, date })}\n`
}

/** A line of a corpus by its number, from 1: what it holds, or why it cannot be used. */
export interface CorpusLine {
  readonly line: number
  readonly entry: CorpusEntry | InputError
}

/**
 * The lines of a corpus that are not empty, for whoever goes on after a broken one. Tokens of other engines are kept: they can
 * be listed, if not replayed.
 */
export function corpusLines(text: string): CorpusLine[] {
  return text.split('\n').flatMap((line, i): CorpusLine[] => {
    if (line.trim() === '') return []
    try {
      return [{ line: i + 1, entry: entryOf(line) }]
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return [{ line: i + 1, entry: error }]
    }
  })
}

/** The entries of a corpus. @throws InputError naming the first line that is no entry, and why */
export function parseCorpus(text: string): CorpusEntry[] {
  return corpusLines(text).map(({ line, entry }) => {
    if (!(entry instanceof InputError)) return entry
    throw new InputError(`line ${line} of the corpus cannot be used: ${entry.message}`)
  })
}

function entryOf(line: string): CorpusEntry {
  const value = parsed(line)
  for (const key of REQUIRED)
    if (typeof value[key] !== 'string' || value[key] === '')
      throw new InputError(`'${key}' must be a text, but is ${inWords(value[key])}`)
  for (const key of OPTIONAL)
    if (value[key] !== undefined && typeof value[key] !== 'string')
      throw new InputError(`'${key}' must be a text or missing, but is ${inWords(value[key])}`)
  const entry = value as unknown as CorpusEntry
  const { scenario } = openToken(entry.token)
  if (scenario !== entry.scenario)
    throw new InputError(`its scenario is ${inWords(entry.scenario)}, but its token is of ${inWords(scenario)}`)
  return entry
}

function parsed(line: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new InputError('it is not JSON, or breaks off')
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new InputError(`it must be a JSON object, but is ${inWords(value)}`)
}
