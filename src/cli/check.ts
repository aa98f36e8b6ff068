import { type Command, Option } from 'commander'
import type { CliContext } from './cli-context.ts'
import { durationMs, oneOf, wholeNumber } from './option-values.ts'

const EXAMPLES = `
Faults: crash-task, crash-taskmanager, crash-jobmanager (crash: all three), pause, rpc, put, metadata, fetch (storage: these
three), external, all, none; and what all leaves out: rescale (the job is restored at another parallelism), savepoint
(users ask for savepoints), pause-jobmanager and partition-jobmanager (of a job with others that stand by), quorum (of the
nodes of the store paxos).

Examples:
  cutline check flight-delays --runs 20000 --seed 1
  cutline check ./my-job.ts                        a scenario of your own: export default scenario('my-job', (env) => …)
  cutline check bank-transfer --time 30s --faults crash,pause
  cutline check word-count --input book.txt
  cutline check ha-failover --store paxos
  cutline check --bug FLINK-17568                  in the scenario that the bug is known from
  cutline check keyed-state --json | jq '{verdict, S, C}'

What is left out here may be said once and for all in cutline.config.ts; cutline init writes one.`

/** Declares `cutline check`. */
export function registerCheck(program: Command, context: CliContext): void {
  const option = (flags: string, description: string): Option => new Option(flags, description)
  program
    .command('check')
    .summary('crash a dataflow many times, and check what survives')
    .description(
      'Crash a dataflow in many seeded runs, no two the same, and check at every step that what survives a recovery is a ' +
        'consistent cut. A failing run is shrunk, and printed as a token to replay.',
    )
    .argument('[SCENARIO]', 'a name (see cutline list) or a file of your own; with --bug it may be left out')
    .optionsGroup('How much:')
    .addOption(
      option('--runs <n>', 'how many (default: 1000, or as many as fit into --time)').argParser(wholeNumber('--runs')),
    )
    .addOption(option('--time <duration>', 'end after this time').argParser(durationMs('--time')))
    .addOption(option('--workers <n>', 'threads (default: one per core)').argParser(wholeNumber('--workers', 1, 256)))
    .addOption(
      option('--order <order>', 'forward, reverse or shuffled: the result must not depend on it')
        .default('forward')
        .argParser(oneOf('order', ['forward', 'reverse', 'shuffled'])),
    )
    .optionsGroup('What:')
    .addOption(option('--file <file>', 'your file that has SCENARIO, if it has several'))
    .addOption(option('--seed <text>', 'the same seed gives the same runs (default: a new one, which is printed)'))
    .addOption(option('--input <file>', 'what the scenario reads, if it reads a file (default: its own)'))
    .addOption(option('--bug <id>', 'plant a known bug, by id or issue: see cutline list bugs'))
    .addOption(
      option('--protocol <name>', "the checkpoint protocol (default: the bug's, else what the job's mode asks for)"),
    )
    .addOption(
      option(
        '--store <name>',
        "what the job's metadata are entrusted to: single, compare-and-set or paxos (default: what the scenario says)",
      ),
    )
    .addOption(option('--faults <list>', 'the kinds of faults that may strike (default: all)'))
    .optionsGroup('A failure:')
    .addOption(option('--no-shrink', 'leave a failing run as it is'))
    .addOption(
      option(
        '--corpus <file>',
        "where failures are kept (default: the configuration's folder, else reports/failures/corpus.jsonl)",
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (scenario: string | undefined, _flags: unknown, command: Command) => {
      const { runCheckCommand } = await import('./check-command.ts')
      context.exit(await runCheckCommand(context.output(command), scenario, command.opts(), context.interruption))
    })
}
