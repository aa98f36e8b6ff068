import { type Command, Option } from 'commander'
import type { CliContext } from './cli-context.ts'

const EXAMPLES = `
Examples:
  cutline fit recoveries.csv
  cutline fit khaos_ysb_recovery.json --svg fit.svg
  cutline fit recoveries.csv --json | jq .parameters.capacityPerSecond

A row is one failure: interval_s, arrival_per_s, recovery_s, and failure_before_next_s if it is known how long before the
next checkpoint it struck. JSON may hold the same as an array of objects; the files of the Khaos project are read as well.`

/** Declares `cutline fit`. */
export function registerFit(program: Command, context: CliContext): void {
  program
    .command('fit')
    .summary('capacity and downtime from measured recoveries')
    .description(
      'Fit capacity and downtime to recoveries that a chaos experiment measured, and say how well the model predicts an ' +
        'interval that it has not seen.',
    )
    .argument('<FILE>', 'CSV or JSON')
    .addOption(new Option('--series <name>', 'which series of a Khaos file'))
    .addOption(new Option('--svg <file>', 'write the picture'))
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: { series?: string; svg?: string }, command: Command) => {
      const { runFit } = await import('./fit-command.ts')
      await runFit(context.output(command), file, flags)
    })
}
