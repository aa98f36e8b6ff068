import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { FILE, type TokenFlags } from './replay.ts'

/** Declares `cutline explain`. */
export function registerExplain(program: Command, context: CliContext): void {
  program
    .command('explain')
    .summary('tell the story of a failure')
    .description('Tell the story of the failure of a token, in order: who did and knew what, and when.')
    .argument('<TOKEN>', 'from the report of a failure, or from a corpus; a shrunk one has the shorter story')
    .option('--file <file>', FILE)
    .option('--input <file>', 'what the scenario read, if it read a file that was named')
    .option(
      '--svg <file>',
      'draw it as well: who did what when, which record went where, and where the checkpoints cut',
    )
    .action(async (token: string, flags: TokenFlags & { readonly svg?: string }, command: Command) => {
      const { runExplain } = await import('./explain-command.ts')
      const { input, ...rest } = flags
      await runExplain(context.output(command), { token, ...(input === undefined ? {} : { input }) }, rest)
    })
}
