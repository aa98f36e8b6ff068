import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'

const EXAMPLES = `
Examples:
  cutline conform trace.jsonl
  cutline conform trace.jsonl.gz --json | jq .refusal

A trace is JSON lines {t_ms, who, proc, event, …} from the DEBUG logs of all processes of a cluster, in the order of their
times; lines of different processes within one millisecond have no order. Settings and wiring of the job are inferred.

The exit code is 0 if every event is one that our machines allow in their state, 2 at the first one that is not.`

/** Declares `cutline conform`. */
export function registerConform(program: Command, context: CliContext): void {
  program
    .command('conform')
    .summary('whether a real Flink cluster did what our machines allow')
    .description(
      'Feed the checkpoint events of a real cluster to the machines that the simulator runs: the first event that they do ' +
        'not allow is shown with their state and what was allowed instead.',
    )
    .argument('<TRACE>', 'a file of JSON lines, or a .gz of it')
    .addHelpText('after', EXAMPLES)
    .action(async (trace: string, _flags: unknown, command: Command) => {
      const { runConform } = await import('./conform-command.ts')
      context.exit(runConform(context.output(command), trace))
    })
}
