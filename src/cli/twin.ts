import { type Command, Option } from 'commander'
import type { CliContext } from './cli-context.ts'
import { durationMs, oneOf } from './option-values.ts'
import { epochMs, positiveNumber } from './twin-options.ts'

const EXAMPLES = `
Examples:
  cutline twin http://localhost:8081 --rto 60s             the only running job; --job names one of several
  cutline twin http://localhost:8081 --save dump/          the same, and keeps the answers
  cutline twin dump/ --failure-at 1795413594238 --kind taskmanager
  cutline twin dump-2/ --earlier dump-1/ --mtbf 12h --html twin.html
  cutline twin checkpoints.json --config checkpoints_config.json --arrival 600 --capacity 1000

Flink is only ever read (GET). What a dump cannot tell is said, with the option that supplies it.`

/** Declares `cutline twin`. */
export function registerTwin(program: Command, context: CliContext): void {
  const option = (flags: string, description: string): Option => new Option(flags, description)
  program
    .command('twin')
    .summary('what a real Flink job will lose and how long it will take to recover')
    .description(
      'Read a real Flink job (1.9 to 2.3), from its REST address or from saved answers: rates, load, checkpoints, ' +
        'failures; the recovery to expect, the interval to set, and what to change, each with the evidence.',
    )
    .argument('<SOURCE>', 'the REST address, a folder of saved answers, or one saved answer about checkpoints')
    .optionsGroup('The job:')
    .addOption(option('--job <id>', 'which job, where several run'))
    .addOption(option('--config <file>', 'a saved answer of …/checkpoints/config'))
    .addOption(option('--earlier <source>', 'an older dump of the same job: sharpens the rates'))
    .addOption(option('--save <folder>', 'keep the answers of a running job'))
    .optionsGroup('What the dump cannot tell:')
    .addOption(option('--arrival <rate>', 'records per second that arrive').argParser(positiveNumber('--arrival')))
    .addOption(option('--capacity <rate>', 'records per second it can process').argParser(positiveNumber('--capacity')))
    .addOption(
      option('--downtime <duration>', 'from a failure to the first output').argParser(durationMs('--downtime')),
    )
    .addOption(option('--mtbf <duration>', 'mean time between failures').argParser(durationMs('--mtbf')))
    .optionsGroup('What to predict:')
    .addOption(
      option('--failure-at <time>', 'a failure then: epoch milliseconds or ISO').argParser(epochMs('--failure-at')),
    )
    .addOption(
      option('--kind <kind>', 'exception (default) or taskmanager (killed)').argParser(
        oneOf('kind of failure', ['exception', 'taskmanager']),
      ),
    )
    .addOption(
      option(
        '--recovered-lag <duration>',
        'lag that counts as recovered (default: 500ms, or twice the normal lag)',
      ).argParser(durationMs('--recovered-lag')),
    )
    .addOption(
      option('--report-every <duration>', "how often the output's worst lag is looked at (default: 200ms)").argParser(
        durationMs('--report-every'),
      ),
    )
    .optionsGroup('Goals:')
    .addOption(option('--rto <duration>', 'from a failure until the backlog is gone').argParser(durationMs('--rto')))
    .addOption(option('--max-replay <duration>', 'input that is read again').argParser(durationMs('--max-replay')))
    .optionsGroup('What to show:')
    .addOption(option('--svg <file>', 'write the pictures: recovery over time, anatomy of a checkpoint'))
    .addOption(option('--html <file>', 'write a page with the pictures and all figures'))
    .addHelpText('after', EXAMPLES)
    .action(async (source: string, _flags: unknown, command: Command) => {
      const { runTwin } = await import('./twin-command.ts')
      await runTwin(context.output(command), source, command.opts())
    })
}
