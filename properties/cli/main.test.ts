/** The built command line, as a process. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'

const LAUNCHER = fileURLToPath(new URL('../../scripts/cutline.mjs', import.meta.url))

function cutline(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [LAUNCHER, ...argv], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

describe('cutline', () => {
  beforeAll(() => {
    expect(cutline('--version').status).toBe(0) // builds, if a source is newer
  })

  it('--version and --help end with code 0', () => {
    expect(cutline('--version')).toMatchObject({ status: 0, stderr: '' })
    expect(cutline('--help')).toMatchObject({ status: 0, stderr: '' })
  })

  it.each([
    [['--zebra'], "Unknown option '--zebra'; see cutline --help."],
    [['zebra-crossing'], /^There is no command 'zebra-crossing': choose one of .*\.$/],
  ])('%j ends with code 1 and one sentence, or one JSON object', (argv, sentence) => {
    const plain = cutline(...argv)
    expect(plain).toMatchObject({ status: 1, stdout: '' })
    expect(plain.stderr.trimEnd()).toMatch(sentence)
    const { error, exitCode } = JSON.parse(cutline(...argv, '--json').stdout)
    expect(error).toMatch(sentence)
    expect(exitCode).toBe(1)
  })
})
