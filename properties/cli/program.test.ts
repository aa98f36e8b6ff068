import { describe, expect, it } from 'vitest'
import type { RegisterCommand } from '../../src/cli/cli-context.ts'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { wholeNumber } from '../../src/cli/option-values.ts'
import { CutlineProgram } from '../../src/cli/program.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { RecordingStream } from './recording-stream.ts'

/** A command that does what its argument says. */
const registerCheck: RegisterCommand = (program, context) => {
  program
    .command('check')
    .description('crash it')
    .argument('<scenario>')
    .option('--runs <n>', 'how many runs', wholeNumber('--runs'))
    .action(async (scenario: string, options: { runs?: number }, command) => {
      const output = context.output(command)
      if (scenario === 'usage') throw new UsageError('The file is not there.')
      if (scenario === 'fault') throw new TypeError('x is undefined')
      if (scenario === 'mute') return
      output.line(`${scenario} ran`)
      output.result({ scenario, runs: options.runs ?? 1 })
      if (scenario === 'violated') context.exit(EXIT.SAFETY)
    })
}

async function run(...argv: string[]) {
  const stdout = new RecordingStream()
  const stderr = new RecordingStream()
  const cutline = new CutlineProgram(argv, [{ heading: 'Search:', commands: [registerCheck] }], { stdout, stderr })
  const exitCode = await cutline.run()
  return { exitCode, out: stdout.text, err: stderr.text }
}

describe('a command', () => {
  it('writes lines, or one JSON value with --json before or after its name', async () => {
    expect(await run('check', 'a')).toEqual({ exitCode: 0, out: 'a ran\n', err: '' })
    const json = { exitCode: 0, out: '{"scenario":"a","runs":3}\n', err: '' }
    expect(await run('check', 'a', '--json', '--runs', '3')).toEqual(json)
    expect(await run('--json', 'check', 'a', '--runs', '3')).toEqual(json)
  })

  it('sets the exit code', async () => {
    expect((await run('check', 'violated')).exitCode).toBe(2)
  })

  it('must answer --json', async () => {
    const { exitCode, out } = await run('check', 'mute', '--json')
    expect(exitCode).toBe(6)
    expect(JSON.parse(out).error).toMatch('printed no JSON value')
  })
})

describe('errors', () => {
  it.each([
    [['chekc'], "There is no command 'chekc': did you mean 'check'?"],
    [['zebra'], "There is no command 'zebra': choose one of check, help."],
    [['check'], "Missing required argument 'scenario'; see cutline check --help."],
    [['check', 'a', '--rnus', '3'], "Unknown option '--rnus': did you mean --runs?"],
    [['check', 'a', '--jsno'], "Unknown option '--jsno': did you mean --json?"],
    [['check', 'a', '--zebra'], "Unknown option '--zebra'; see cutline check --help."],
    [['--zebra'], "Unknown option '--zebra'; see cutline --help."],
    [['check', 'a', '--runs'], "Option '--runs <n>' argument missing; see cutline check --help."],
    [['check', 'a', '--runs', 'many'], "--runs wants a whole number of at least 1, but got 'many'."],
    [['check', 'a', 'b'], "Too many arguments for 'check'. Expected 1 argument but got 2; see cutline check --help."],
    [['help', 'chekc'], "There is no command 'chekc': did you mean 'check'?"],
    [['check', 'usage'], 'The file is not there.'],
  ])('%j ends with code 1 and one sentence', async (argv, sentence) => {
    expect(await run(...argv)).toEqual({ exitCode: 1, out: '', err: `${sentence}\n` })
    const json = await run(...argv, '--json')
    if (argv.at(-1) === '--runs') return // takes --json for its value
    expect(json.exitCode).toBe(1)
    expect(JSON.parse(json.out)).toEqual({ error: sentence, exitCode: 1 })
  })

  it('a fault of Cutline says so, and shows its stack under --verbose only', async () => {
    const sentence = 'Cutline failed unexpectedly: x is undefined (--verbose shows where; please report it)'
    expect(await run('check', 'fault')).toEqual({ exitCode: 6, out: '', err: `${sentence}\n` })
    expect((await run('check', 'fault', '--verbose')).err).toMatch(/x is undefined\n +at .*program\.test\.ts/)
  })

  it('no command at all shows the help, or with --json an object', async () => {
    const plain = await run()
    expect(plain).toMatchObject({ exitCode: 1, out: '' })
    expect(plain.err).toContain('Usage: cutline COMMAND [options]')
    expect(JSON.parse((await run('--json')).out)).toEqual({ error: 'Name a command: check, help.', exitCode: 1 })
  })
})

describe('help', () => {
  it('lists commands under their heading, examples and exit codes', async () => {
    const { exitCode, out, err } = await run('--help')
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' })
    for (const part of ['Search:\n', 'check [options] <scenario>', 'Examples:', 'Exit codes:'])
      expect(out).toContain(part)
  })

  it('of a command tells its options and those of every command', async () => {
    const { exitCode, out } = await run('check', '--help')
    expect(exitCode).toBe(0)
    expect(await run('help', 'check')).toEqual({ exitCode, out, err: '' })
    expect(JSON.parse((await run('help', 'check', '--json')).out)).toEqual({ help: out })
    for (const part of ['--runs <n>', '--json', '--verbose']) expect(out).toContain(part)
  })

  it('--version prints the version of package.json', async () => {
    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
