import { type Command, Option } from 'commander'
import type { CliContext } from './cli-context.ts'
import { durationMs } from './option-values.ts'

const EXAMPLES = `
Examples:
  cutline flink-config conf/config.yaml
  cutline flink-config flink-conf.yaml --transaction-timeout 15m
  cutline flink-config conf/config.yaml --json | jq '.findings[] | select(.severity == "error")'

The exit code is 1 if there are errors: settings that Flink refuses, or that cannot do what they say.`

/** Declares `cutline flink-config`. */
export function registerFlinkConfig(program: Command, context: CliContext): void {
  program
    .command('flink-config')
    .summary("check Flink's checkpoint settings, and take them over into a scenario")
    .description(
      'Read config.yaml or flink-conf.yaml, old and new spellings alike: contradictions, settings without effect and ' +
        'dangerous defaults, each with the source of the rule, and the settings as a scenario takes them.',
    )
    .argument('<FILE>', 'config.yaml or flink-conf.yaml')
    .addOption(
      new Option(
        '--transaction-timeout <duration>',
        "timeout of the sink's transactions, where the file does not name it",
      ).argParser(durationMs('--transaction-timeout')),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: { transactionTimeout?: number }, command: Command) => {
      const { runFlinkConfig } = await import('./flink-config-command.ts')
      context.exit(runFlinkConfig(context.output(command), file, flags))
    })
}
