/**
 * Where a command writes. For people: lines on stdout. With --json: exactly one JSON value on stdout and nothing else
 * there. Errors are one sentence on stderr either way, and with --json an object on stdout as well, unless the result
 * already stands there.
 */
import type { ExitCode } from './exit-codes.ts'
import { type Colours, coloursFor, type TerminalStream } from './terminal.ts'

/** A stream to write text to. */
export interface TextStream extends TerminalStream {
  write(text: string): unknown
}

export interface OutputOptions {
  readonly json: boolean
  readonly verbose: boolean
  readonly stdout?: TextStream
  readonly stderr?: TextStream
}

export class Output {
  /** Whether stdout carries one JSON value instead of lines. */
  readonly json: boolean
  /** Whether stack traces and details are wanted. */
  readonly verbose: boolean
  /** Colours for what goes to stdout. */
  readonly colours: Colours
  readonly #stdout: TextStream
  readonly #stderr: TextStream
  #hasResult = false

  constructor({ json, verbose, stdout = process.stdout, stderr = process.stderr }: OutputOptions) {
    this.json = json
    this.verbose = verbose
    this.#stdout = stdout
    this.#stderr = stderr
    this.colours = coloursFor(stdout)
  }

  /** Whether the JSON value has been written. */
  get hasResult(): boolean {
    return this.#hasResult
  }

  /** A line for people on stdout; nothing with --json. */
  line(text = ''): void {
    if (!this.json) this.#stdout.write(`${text}\n`)
  }

  /**
   * The command's answer for programs, on one line; nothing without --json.
   * @throws if the command has answered already: callers parse stdout as one value
   */
  result(value: object): void {
    if (!this.json) return
    if (this.#hasResult) throw new Error('A command answers with one JSON value, but this one answered twice')
    this.#hasResult = true
    this.#stdout.write(`${JSON.stringify(value)}\n`)
  }

  /** A remark on stderr, in both modes: a warning, a file written. */
  note(text: string): void {
    this.#stderr.write(`${text}\n`)
  }

  /** An error that ends the command: its message on stderr, its stack only with --verbose. */
  fail(error: unknown, exitCode: ExitCode): void {
    const message = error instanceof Error ? error.message : String(error)
    const stack = error instanceof Error ? error.stack : undefined
    this.note(this.verbose && stack !== undefined ? stack : message)
    if (!this.#hasResult) this.result({ error: message, exitCode })
  }
}
