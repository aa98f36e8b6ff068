/** A file that a command writes because an option asks for it. */
import { writeFileSync } from 'node:fs'
import type { Output } from './output.ts'
import { UsageError } from './usage-error.ts'

/** Writes it, and says so. @throws UsageError when it cannot be written */
export function writeResult(output: Output, path: string, text: string): void {
  writeAsked(path, text)
  output.note(`Wrote ${path}`)
}

/** The same for a command that says so in its own words. */
export function writeAsked(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code}): name a file in a folder that exists.`,
    )
  }
}
