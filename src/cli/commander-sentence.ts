import type { Command, CommanderError } from 'commander'
import { unknownName } from './did-you-mean.ts'

/** What commander refuses, as one sentence that ends with what to do. */
export function commanderSentence(error: CommanderError, program: Command, argv: readonly string[]): string {
  const known = program.commands.map((command) => command.name())
  if (error.code === 'commander.help') return `Name a command: ${known.join(', ')}.`
  const [, what = error.message, , near] =
    /^(?:error: )?(.*?)\.?(\n\(Did you mean (.*)\?\))?$/s.exec(error.message) ?? []
  if (error.code === 'commander.unknownCommand') return unknownName('command', quoted(what), known).message
  const sentence = what.charAt(0).toUpperCase() + what.slice(1)
  if (near !== undefined) return `${sentence}: did you mean ${near}?`
  const command = argv.find((word) => known.includes(word))
  return `${sentence}; see cutline ${command === undefined ? '' : `${command} `}--help.`
}

function quoted(message: string): string {
  return /'(.*)'/.exec(message)?.[1] ?? ''
}
