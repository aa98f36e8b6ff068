import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'

/** Declares `cutline init`. */
export function registerInit(program: Command, context: CliContext): void {
  program
    .command('init')
    .summary('write a small scenario, a configuration and a test that pass')
    .description(
      'Begin: write a small scenario with a sink of its own, cutline.config.ts, and a test for vitest. All of them pass, and ' +
        'the scenario says what to change to see it fail. Writes nothing if one of the files is there already.',
    )
    .argument('[DIR]', 'folder of the project; made if need be', '.')
    .option('--force', 'overwrite files that are there')
    .action(async (folder: string, flags: { force?: true }, command: Command) => {
      const { runInit } = await import('./init-command.ts')
      runInit(context.output(command), folder, flags)
    })
}
