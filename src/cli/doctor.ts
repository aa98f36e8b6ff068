import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'

const EXAMPLES = `
It reads the text of the file and of what it imports from your own folders, runs none of it, and takes no notice of types.

Examples:
  cutline doctor ./my-job.ts
  cutline doctor ./my-job.ts --json | jq -r '.findings[] | "\\(.file):\\(.line) \\(.rule)"'`

/** Declares `cutline doctor`. */
export function registerDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .summary('find what would not run alike everywhere in your file')
    .description(
      'Find what would not run alike on every machine, at any time and after a restart: clocks, randomness, timers, promises, ' +
        'locales, functions of Math that are rounded differently, orders that a restart changes, state outside of state. Each ' +
        'with its place and what to write instead. Ends with 5 if there is any.',
    )
    .argument('<FILE>', 'a file of your own, in TypeScript or JavaScript')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, _flags: unknown, command: Command) => {
      const { runDoctor } = await import('./doctor-command.ts')
      context.exit(await runDoctor(context.output(command), file))
    })
}
