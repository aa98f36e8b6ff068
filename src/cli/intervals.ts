import { type Command, Option } from 'commander'
import type { CliContext } from './cli-context.ts'

const EXAMPLES = `
Examples:
  cutline intervals --cost 1s --latency 5s --mtbf 6h
  cutline intervals --cost 1s --latency 5s --mtbf 6h --restart 20s --detection 10s \\
                    --arrival 70000 --capacity 100000 --rto 4min --max-replay 60s --svg interval.svg
  cutline intervals --cost 1s --latency 5s --mtbf 6h --load 0.7 --restart 20s --simulate
  cutline intervals job.yaml --failed-share 0.05 --json | jq .recommended.intervalMs

A file names the same things, and a load that changes with the time of day:
  cost: 1s                          # work that one checkpoint takes from the job
  latency: 5s                       # from the trigger until it is durable: end_to_end_duration
  failureTimes: [2026-03-01T04:10:00Z, 2026-03-04T16:30:00Z, 2026-03-05T02:00:00Z]
  restart: 20s
  arrival: [{ at: 0h, perSecond: 30000 }, { at: 12h, perSecond: 95000 }]
  period: 24h
  capacity: 100000
  goals: { recovery: 4min, replay: 60s, latency: 90s, quantile: 0.99 }`

/** Declares `cutline intervals`. */
export function registerIntervals(program: Command, context: CliContext): void {
  const option = (flags: string, description: string): Option => new Option(flags, description)
  program
    .command('intervals')
    .summary('recommend a checkpoint interval, by the formulas and the simulator')
    .description(
      'Recommend a checkpoint interval: the least overhead that the goals allow, with the candidates around it, ' +
        'where each goal starts to be missed, and how far the other models are from the one in use.',
    )
    .argument('[FILE]', 'a YAML or JSON file; options override what it says')
    .optionsGroup('The checkpoint:')
    .addOption(option('--cost <duration>', 'work that one checkpoint takes from the job'))
    .addOption(option('--latency <duration>', 'from the trigger until it is durable (default: the cost)'))
    .addOption(option('--failed-share <share>', 'share of checkpoints that fail, in [0, 1)'))
    .addOption(option('--min-pause <duration>', 'execution.checkpointing.min-pause'))
    .addOption(option('--depth <n>', 'operators on the longest path'))
    .addOption(option('--hop-delay <duration>', 'delay of a barrier from one operator to the next'))
    .addOption(option('--full-cost <duration>', 'cost of a full checkpoint; --cost is then that of an incremental one'))
    .addOption(option('--restore-per-increment <duration>', 'what each incremental adds to a restore'))
    .optionsGroup('Failures and recovery:')
    .addOption(option('--mtbf <duration>', 'mean time between failures'))
    .addOption(option('--shape <k>', 'Weibull shape of the time between failures; below 1 they come in bursts'))
    .addOption(option('--failure-times <list>', 'observed failures instead: times or durations, separated by commas'))
    .addOption(option('--restart <duration>', 'from the detection until records are processed again'))
    .addOption(option('--detection <duration>', 'from the failure until it is seen'))
    .addOption(option('--load <share>', 'arrival rate over capacity, in [0, 1)'))
    .addOption(option('--arrival <rate>', 'records per second that arrive'))
    .addOption(option('--capacity <rate>', 'records per second that the job can process'))
    .optionsGroup('Goals:')
    .addOption(option('--rto <duration>', 'from a failure until the backlog is gone'))
    .addOption(option('--max-replay <duration>', 'age of the checkpoint that a failure falls back to'))
    .addOption(option('--max-lag <duration>', 'age of the oldest record not yet processed, at its peak'))
    .addOption(option('--quantile <share>', 'share of failures that must meet the goals (default: 0.99)'))
    .optionsGroup('The simulator:')
    .addOption(option('--simulate', 'put the candidates to the simulator, too'))
    .addOption(option('--precision <share>', 'half width of the 99 % intervals to stop at (default: 2%)'))
    .addOption(option('--hours <n>', 'simulated time of one run (default: 48 failures)'))
    .addOption(option('--seed <text>', 'seed of the simulated failures (default: 1)'))
    .optionsGroup('What to show:')
    .addOption(option('--intervals <list>', 'candidates to compare, separated by commas'))
    .addOption(option('--svg <file>', 'write the picture'))
    .addOption(option('--html <file>', 'write a page with the picture and the tables'))
    .addHelpText('after', EXAMPLES)
    .action(async (file: string | undefined, flags: Record<string, string>, command: Command) => {
      const { runIntervals } = await import('./intervals-command.ts')
      await runIntervals(context.output(command), file, flags)
    })
}
