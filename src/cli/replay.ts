import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'

/** The options of every command that takes a token. */
export interface TokenFlags {
  readonly file?: string
  readonly input?: string
}

/** Help of --file wherever a token is given. */
export const FILE = 'your file that has the scenario (default: those of cutline.config.ts, found from here upwards)'

/** Declares `cutline replay`. */
export function registerReplay(program: Command, context: CliContext): void {
  program
    .command('replay')
    .summary('run a failure again, from its token')
    .description(
      'Run the failure of a token again, and say whether it is still the same: with the code of now. Ends with the code of the ' +
        'failure if it comes again, 0 if the run passes, 6 if it fails in another way.',
    )
    .argument('<TOKEN>', 'from the report of a failure, or from a corpus')
    .option('--file <file>', FILE)
    .option('--input <file>', 'what the scenario read, if it read a file that was named')
    .option('--trace <file>', 'write the events of the run, as JSON Lines: time (us), entity, message, a, b')
    .action(async (token: string, flags: TokenFlags & { readonly trace?: string }, command: Command) => {
      const { runReplay } = await import('./replay-command.ts')
      context.exit(await runReplay(context.output(command), token, flags))
    })
}
