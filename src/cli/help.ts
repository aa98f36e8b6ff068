import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { unknownName } from './did-you-mean.ts'

/** Declares `cutline help`: commander's own shows the general help for a name it does not know. */
export function registerHelp(program: Command, context: CliContext): void {
  program
    .command('help')
    .description('Explain a command, as COMMAND --help does.')
    .summary('explain a command')
    .argument('[COMMAND]')
    .action((name: string | undefined, _options: object, help: Command) => {
      const output = context.output(help)
      const named = name === undefined ? program : commandNamed(name, program)
      if (output.json) output.result({ help: named.helpInformation() })
      else named.outputHelp()
    })
}

function commandNamed(name: string, program: Command): Command {
  const found = program.commands.find((command) => command.name() === name)
  if (found !== undefined) return found
  const known = program.commands.map((command) => command.name())
  throw unknownName('command', name, known)
}
