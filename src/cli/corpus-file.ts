/** Appends to a corpus on disk: what is found is not lost, whatever happens next. */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Appends a line of `corpusLine` and waits until it is on the disk. Folders are made.
 * @returns null, or why it could not be written: a full disk must not cost the report of the failure
 */
export function appendLine(path: string, line: string): string | null {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(path, 'a')
    try {
      writeSync(file, line)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    return null
  } catch (error) {
    return `${path} cannot be written (${(error as NodeJS.ErrnoException).code}): name another file with --corpus.`
  }
}
