/** A file that a scenario reads, as a user names it: the built command line, as processes. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const LAUNCHER = fileURLToPath(new URL('../../scripts/cutline.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'cutline-input-job-'))
afterAll(() => rmSync(folder, { recursive: true }))

const cutline = (...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [LAUNCHER, ...argv], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })

describe('--input', () => {
  it('is read by check, named in the replay line, and wanted again by whoever takes the token', async () => {
    const book = join(folder, 'a book.txt')
    writeFileSync(book, 'to be or not to be, that is the question: '.repeat(10))
    const check = ['check', 'word-count', '--input', 'a book.txt', '--seed', '1', '--runs', '200', '--workers', '1']
    const held = await cutline(...check)
    expect({ code: held.code, stderr: held.stderr }).toEqual({ code: 0, stderr: '' })

    const failed = await cutline(...check, '--bug', 'records-before-snapshot')
    expect(failed.code).toBe(2)
    const [, token] = /^cutline replay (\S+) --input 'a book\.txt'$/m.exec(failed.stdout)!
    const [same, other, missing] = await Promise.all([
      cutline('replay', token!, '--input', book),
      cutline('replay', token!),
      cutline('explain', token!, '--input', join(folder, 'no.txt')),
    ])
    expect(same.code).toBe(2)
    expect(same.stdout).toContain('the same failure, by the same run')
    expect(other.code).toBe(1)
    expect(other.stderr).toMatch(
      /^'word-count' reads a text file, and this one \(hash [0-9a-f]{8}\) is not the one that the plan was made with \(hash [0-9a-f]{8}\): name that file with --input, as it was then\.\n$/,
    )
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('there is no such file')
  })
})
