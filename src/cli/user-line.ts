/** Where in the user's own files an error comes from. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { shown } from './bundle-files.ts'
import { isOurs } from './running-package.ts'

/** Place of a frame, with source maps switched on: '(/home/me/my-job.ts:12:5)', 'at file:///home/me/my-job.mjs:12:5'. */
const PLACE = /(?:\(|at (?:async )?)((?:file:\/\/)?[^()\s][^()]*?):(\d+):(\d+)\)?$/

/**
 * 'my-job.ts:12:5', or null if no frame of the stack lies in the user's files.
 * @param inputs the files of the user's, absolute
 * @param thrown whether only the place counts that has thrown, and not those that have called it
 */
export function userLine(error: unknown, inputs: readonly string[], thrown = false): string | null {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return null
  for (const frame of error.stack.split('\n')) {
    const [, where, line, column] = PLACE.exec(frame.trimEnd()) ?? []
    if (where === undefined || where.startsWith('node:')) continue
    const path = where.startsWith('file:') ? fileURLToPath(where) : resolve(where)
    if (inputs.includes(path)) return `${shown(path)}:${line}:${column}`
    if (thrown && isOurs(path)) return null
  }
  return null
}
