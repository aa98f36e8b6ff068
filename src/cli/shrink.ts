import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { FILE, type TokenFlags } from './replay.ts'

/** Declares `cutline shrink`. */
export function registerShrink(program: Command, context: CliContext): void {
  program
    .command('shrink')
    .summary('make a failure smaller')
    .description(
      'Make the failure of a token smaller: fewer faults, records and parallel instances, for as long as it stays the same ' +
        'failure. A check does this by itself; here it is for tokens found with --no-shrink, or by older code.',
    )
    .argument('<TOKEN>', 'from the report of a failure, or from a corpus')
    .option('--file <file>', FILE)
    .option('--input <file>', 'what the scenario read, if it read a file that was named')
    .action(async (token: string, flags: TokenFlags, command: Command) => {
      const { runShrink } = await import('./shrink-command.ts')
      const { file, ...rest } = flags
      await runShrink(context.output(command), { token, ...rest }, file, context.interruption)
    })
}
