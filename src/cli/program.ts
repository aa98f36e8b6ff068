/**
 * The frame of the command line: global options, help, errors and exit codes. Commands are handed in, so that this file
 * knows none of them.
 */
import { Command, CommanderError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import type { CliContext, RegisterCommand } from './cli-context.ts'
import { commanderSentence } from './commander-sentence.ts'
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts'
import { registerHelp } from './help.ts'
import { interruption } from './interruption.ts'
import { Output, type TextStream } from './output.ts'
import { UsageError } from './usage-error.ts'
import { UserCodeFailure } from './user-code-failure.ts'

/** Commands under a heading of `cutline --help`. */
export interface CommandGroup {
  readonly heading: string
  readonly commands: readonly RegisterCommand[]
}

export interface Streams {
  readonly stdout: TextStream
  readonly stderr: TextStream
}

const EXAMPLES = `
Examples:
  cutline demo                                 a known bug found, shrunk and replayed, in under a minute
  cutline init                                 a small scenario of your own, a configuration and a test that pass
  cutline check ./my-job.ts                    crash a dataflow of your own
  cutline list                                 scenarios, bugs, protocols and phases to name
  cutline check flight-delays --runs 20000     crash a dataflow 20,000 times, no two the same
  cutline check flight-delays --bug FLINK-17568
  cutline replay TOKEN                         the same failure again, from the token of a report
  cutline check bank-transfer --json | jq .verdict

Every command explains itself: cutline check --help

${EXIT_CODES_HELP}`

const HELP: CommandGroup = { heading: 'Help:', commands: [registerHelp] }

/** One invocation of the command line. */
export class CutlineProgram {
  readonly #argv: readonly string[]
  readonly #streams: Streams
  readonly #program: Command
  #output: Output | undefined
  #exitCode: ExitCode = EXIT.HOLDS

  /** @param argv the arguments after `cutline` */
  constructor(
    argv: readonly string[],
    groups: readonly CommandGroup[],
    streams: Streams = { stdout: process.stdout, stderr: process.stderr },
  ) {
    this.#argv = argv
    this.#streams = streams
    this.#program = new Command('cutline')
      .description(
        'Deterministic simulation testing for checkpointed stream processing. Crashes a dataflow thousands of times under ' +
          'a seeded virtual clock, and checks that what survives each recovery is a consistent cut.',
      )
      .usage('COMMAND [options]')
      .version(manifest.version, '-V, --version', 'print the version')
      .helpCommand(false)
      .helpOption('-h, --help', 'explain cutline, or the command before it')
      .optionsGroup('Options of every command:')
      .option('--json', 'print one JSON value on stdout and nothing else there')
      .option('--verbose', 'print stack traces and details')
      .configureHelp({ showGlobalOptions: true })
      .configureOutput({
        writeOut: (text) => streams.stdout.write(text),
        writeErr: (text) => streams.stderr.write(text),
        outputError: () => {}, // fail() reports it
      })
      .exitOverride()
      .addHelpText('after', EXAMPLES)
    const context: CliContext = {
      output: (command) => this.#outputOf(command.optsWithGlobals()),
      exit: (code) => {
        this.#exitCode = code
      },
      interruption,
    }
    for (const { heading, commands } of [...groups, HELP]) {
      this.#program.commandsGroup(heading)
      for (const register of commands) register(this.#program, context)
    }
  }

  /** Parses the line and runs the command. Never throws: what went wrong has been printed. */
  async run(): Promise<ExitCode> {
    try {
      await this.#program.parseAsync([...this.#argv], { from: 'user' })
      if (this.#exitCode === EXIT.HOLDS && this.#outputOf().json && !this.#outputOf().hasResult)
        throw new Error('the command printed no JSON value, as --json asks for')
      return this.#exitCode
    } catch (error) {
      return this.fail(error)
    }
  }

  /** Reports an error that ended the command. Returns the exit code for it. */
  fail(error: unknown): ExitCode {
    const output = this.#outputOf()
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.HOLDS // help and version have been printed
      if (error.code === 'commander.help' && !output.json) return EXIT.USAGE // no command: the help has been printed
      output.fail(new UsageError(commanderSentence(error, this.#program, this.#argv)), EXIT.USAGE)
      return EXIT.USAGE
    }
    if (error instanceof UsageError) {
      output.fail(error, EXIT.USAGE)
      return EXIT.USAGE
    }
    if (error instanceof UserCodeFailure) {
      output.fail(error, EXIT.USER_CODE)
      return EXIT.USER_CODE
    }
    output.fail(unexpected(error), EXIT.INCONCLUSIVE)
    return EXIT.INCONCLUSIVE
  }

  /** The output of this invocation. Before a command asks for it, the flags are looked up in the raw arguments. */
  #outputOf(options: { json?: boolean; verbose?: boolean } = this.#rawFlags()): Output {
    this.#output ??= new Output({
      json: options.json === true,
      verbose: options.verbose === true,
      ...this.#streams,
    })
    return this.#output
  }

  #rawFlags(): { json: boolean; verbose: boolean } {
    const end = this.#argv.indexOf('--')
    const flags = end === -1 ? this.#argv : this.#argv.slice(0, end)
    return { json: flags.includes('--json'), verbose: flags.includes('--verbose') }
  }
}

/** An error that no command expected: a fault of Cutline, which is said; the stack stays that of the error. */
function unexpected(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  const wrapped = new Error(`Cutline failed unexpectedly: ${message} (--verbose shows where; please report it)`)
  if (error instanceof Error && error.stack !== undefined) wrapped.stack = `${wrapped.message}\n${error.stack}`
  return wrapped
}
