/** Finds the code that a token is about. */
import { configFile } from './config-file.ts'
import { scenarios } from './registry.ts'
import { ScenarioSource } from './scenario-source.ts'
import { UsageError } from './usage-error.ts'

/**
 * The source that has the token's scenario: the file that was named, Cutline's own, or the project's configuration.
 * @param file the user's file that has the scenario
 * @throws UsageError if the scenario is nowhere, with where it was looked for; whatever `ScenarioSource.open` throws
 */
export async function sourceOfToken(token: string, file: string | undefined): Promise<ScenarioSource> {
  const name = scenarioOfToken(token)
  // whoever reads the token says what is wrong with it
  if (name === null) return ScenarioSource.builtIn()
  if (file === undefined && scenarios.some((known) => known.name === name)) return ScenarioSource.builtIn()
  const config = await configFile()
  const source = await ScenarioSource.open(file, config)
  if (source.own.some((own) => own.name === name)) return source
  source.end()
  const own = source.own.map((scenario) => scenario.name).join(', ') || 'none'
  if (file !== undefined)
    throw new UsageError(`The token is of the scenario '${name}', but ${file} has ${own}: name another file.`)
  const looked =
    config === null ? 'and there is no cutline.config.ts here or above' : `nor among those of ${config.path} (${own})`
  throw new UsageError(
    `The token is of the scenario '${name}', which is not one of Cutline's own, ${looked}: name the file that has it with --file.`,
  )
}

/** 'cutline:v1:my-job:…' -> 'my-job' */
function scenarioOfToken(token: string): string | null {
  return /^cutline:v1:([a-z0-9][a-z0-9-]*):/.exec(token.trim())?.[1] ?? null
}
