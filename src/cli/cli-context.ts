import type { Command } from 'commander'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'

/** What main.ts hands to each command file. */
export interface CliContext {
  /** Where the command writes; knows the global --json and --verbose, wherever they stood on the line. */
  output(command: Command): Output
  /** Sets the code that the process ends with once the command's action is done. Does not stop the action. */
  exit(code: ExitCode): void
  /** Aborted by Ctrl-C. A long command that asks for it ends with the partial result; see interruption.ts. */
  interruption(): AbortSignal
}

/** What a command file exports: declares the command, and loads its implementation inside the action. */
export type RegisterCommand = (program: Command, context: CliContext) => void
