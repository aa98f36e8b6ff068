/** The project's cutline.config.ts: found from the working directory upwards, bundled and read. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type CutlineConfig, InputError, readConfig } from '../check/index.ts'
import { bundleFiles, shown } from './bundle-files.ts'
import { filesOf } from './file-patterns.ts'
import { loadBundle } from './load-bundle.ts'
import { UsageError } from './usage-error.ts'

const NAMES = ['cutline.config.ts', 'cutline.config.js', 'cutline.config.mjs']

/** A configuration that has been read, with its paths made absolute. */
export interface ConfigFile {
  /** As it is shown. */
  readonly path: string
  readonly config: CutlineConfig
  /** The files with scenarios, absolute. */
  readonly scenarios: readonly string[]
  /** Where failures of a scenario are kept; null if the configuration does not say. */
  corpusOf(scenario: string): string | null
}

/**
 * The configuration of the project that the working directory is in; null if there is none.
 * @throws UsageError if it cannot be loaded or says what it may not, or a pattern of it means no file; UserCodeFailure if it
 * throws
 */
export async function configFile(): Promise<ConfigFile | null> {
  const path = findConfig(process.cwd())
  return path === null ? null : readConfigFile(path)
}

function findConfig(folder: string): string | null {
  const name = NAMES.find((known) => existsSync(join(folder, known)))
  if (name !== undefined) return join(folder, name)
  const above = dirname(folder)
  return above === folder ? null : findConfig(above)
}

async function readConfigFile(path: string): Promise<ConfigFile> {
  const [[, module]] = (await loadBundle(await bundleFiles([path]))) as [[string, Readonly<Record<string, unknown>>]]
  if (module.default === undefined)
    throw new UsageError(`${shown(path)} exports no configuration: write export default defineConfig({ … }).`)
  const config = configOf(shown(path), module.default)
  const folder = dirname(path)
  const scenarios = (config.scenarios ?? []).flatMap((pattern, i) => {
    const files = filesOf(pattern, folder)
    if (files.length === 0)
      throw new UsageError(
        `${shown(path)}: scenarios[${i}] '${pattern}' means no file in ${shown(folder)}: mend the pattern.`,
      )
    return files
  })
  const { corpus } = config
  return {
    path: shown(path),
    config,
    scenarios: [...new Set(scenarios)],
    corpusOf: (scenario) => (corpus === undefined ? null : shown(resolve(folder, corpus, `${scenario}.jsonl`))),
  }
}

function configOf(file: string, value: unknown): CutlineConfig {
  try {
    return readConfig(value)
  } catch (error) {
    if (error instanceof InputError) throw new UsageError(`${file}: ${error.message}.`)
    throw error
  }
}
