import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { durationMs } from './option-values.ts'

/** Declares `cutline demo`. */
export function registerDemo(program: Command, context: CliContext): void {
  program
    .command('demo')
    .summary('a known bug found, shrunk and replayed, in under a minute')
    .description(
      'Show the main job: crash a dataflow on real data thousands of times, which it survives; plant a bug that Flink had; ' +
        'find it, shrink it to a few faults, and replay it from its token. Writes no files.',
    )
    .option('--time <duration>', 'how long to crash the dataflow (default: 10s)', durationMs('--time'))
    .action(async (_flags: unknown, command: Command) => {
      const { runDemo } = await import('./demo-command.ts')
      context.exit(await runDemo(context.output(command), command.opts(), context.interruption()))
    })
}
