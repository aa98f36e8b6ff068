import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'

/** Declares `cutline chart`. */
export function registerChart(program: Command, context: CliContext): void {
  program
    .command('chart')
    .summary('draw the state machine of a participant')
    .description(
      'Print the state machine that a participant runs on, as a Mermaid picture (mermaid.live draws it; so does Markdown on ' +
        'GitHub). Without a name: which there are.',
    )
    .argument('[NAME]', 'such as task or checkpoint-coordinator')
    .action(async (name: string | undefined, _flags: unknown, command: Command) => {
      const { CHART_NAMES, chartPicture } = await import('./charts.ts')
      const output = context.output(command)
      if (name === undefined) {
        output.result(CHART_NAMES)
        for (const known of CHART_NAMES) output.line(known)
        return
      }
      const picture = chartPicture(name)
      output.result(picture)
      output.line(picture.mermaid.trimEnd())
    })
}
