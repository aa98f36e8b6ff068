import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { wholeNumber } from './option-values.ts'

/** Declares `cutline bugs`. */
export function registerBugs(program: Command, context: CliContext): void {
  program
    .command('bugs')
    .summary('plant each known bug, and run until it is found')
    .description(
      'Plant each known bug in turn, run its scenario until an oracle finds it, shrink the failure and replay its token. Ends ' +
        'with code 0 if all were found, else 6.',
    )
    .argument('[ID...]', 'only these, by id or issue: see cutline list bugs')
    .option('--runs <n>', 'how many runs each gets at most (default: 2000)', wholeNumber('--runs'))
    .option('--seed <text>', 'of the runs (default: 1)')
    .option(
      '--workers <n>',
      'threads, each with a bug at a time (default: one per core)',
      wholeNumber('--workers', 1, 256),
    )
    .option('--report <file>', 'write the matrix as Markdown')
    .action(async (ids: readonly string[], _flags: unknown, command: Command) => {
      const { runBugs } = await import('./bugs-command.ts')
      context.exit(await runBugs(context.output(command), ids, command.opts(), context.interruption()))
    })
}
