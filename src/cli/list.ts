import { Argument, type Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { oneOf } from './option-values.ts'

/** What can be listed. */
export const LISTS = ['scenarios', 'bugs', 'protocols', 'phases'] as const
export type ListName = (typeof LISTS)[number]

/** Declares `cutline list`. */
export function registerList(program: Command, context: CliContext): void {
  program
    .command('list')
    .summary('scenarios, bugs, protocols and phases')
    .description(
      'List what other commands take by name: scenarios, bugs, protocols, and the phases that faults are anchored to.',
    )
    .addArgument(new Argument('[WHAT]', `only ${LISTS.join(', ')}`).argParser(oneOf('list', LISTS)))
    .option('--file <file>', 'list the scenarios in this file of yours, too (default: those of cutline.config.ts)')
    .action(async (what: ListName | undefined, flags: { file?: string }, command: Command) => {
      const { runList } = await import('./list-command.ts')
      await runList(context.output(command), what === undefined ? LISTS : [what], flags)
    })
}
