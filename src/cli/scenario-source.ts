/**
 * Where the scenarios of one command come from: Cutline's own, the files of the project's configuration, or one file that was
 * named. The user's are bundled here and loaded in workers only: what never ends there does not hang the command.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Bundle, bundleFiles, shown } from './bundle-files.ts'
import type { CheckTerms, OwnScenario, TermsRequest } from './check-messages.ts'
import type { ConfigFile } from './config-file.ts'
import { unknownName } from './did-you-mean.ts'
import { NoPulse } from './no-pulse.ts'
import { scenarios, termsOf } from './registry.ts'
import { UsageError } from './usage-error.ts'
import { UserCodeFailure } from './user-code-failure.ts'
import { WatchedWorker } from './watched-worker.ts'

/** Whether what was named is a file, and not a scenario: names have neither dots nor slashes. */
export const isPath = (text: string): boolean => /[./\\]/.test(text)

export class ScenarioSource {
  /** The user's scenarios. */
  readonly own: readonly OwnScenario[]
  /** The file that was named. */
  readonly file: string | undefined
  /** The file that a replay must be told besides the token: none if the configuration knows it. */
  readonly replayFile: string | undefined
  readonly #bundle: Bundle | null
  /** The worker that has been asked for the names, until somebody takes it. */
  #idle: WatchedWorker | null

  private constructor(
    own: readonly OwnScenario[],
    bundle: Bundle | null,
    {
      file,
      listed = false,
      idle = null,
    }: { file?: string | undefined; listed?: boolean; idle?: WatchedWorker | null } = {},
  ) {
    this.own = own
    this.replayFile = listed ? undefined : file
    this.#bundle = bundle
    this.file = file
    this.#idle = idle
  }

  /** Cutline's own scenarios alone. */
  static builtIn(): ScenarioSource {
    return new ScenarioSource([], null)
  }

  /**
   * @param file the user's file that the scenario is in; else those of the configuration
   * @throws UsageError if a file cannot be used; UserCodeFailure if it throws or does not come to its end
   */
  static async open(file: string | undefined, config: ConfigFile | null): Promise<ScenarioSource> {
    const files = file === undefined ? (config?.scenarios ?? []) : [file]
    if (files.length === 0) return ScenarioSource.builtIn()
    const bundle = await bundleFiles(files)
    const worker = new WatchedWorker({ bundle })
    try {
      const own = await worker.ask('own', {})
      const listed = file !== undefined && config?.scenarios.includes(resolve(file)) === true
      return new ScenarioSource(own, bundle, { file, listed, idle: worker })
    } catch (error) {
      worker.end()
      if (!(error instanceof NoPulse)) throw error
      throw new UserCodeFailure(
        `${files.map(shown).join(', ')}: it is not loaded after 10 s; look for a loop without an end.`,
      )
    }
  }

  /** A worker that knows the scenarios. */
  start(): WatchedWorker {
    const worker = this.#idle ?? new WatchedWorker({ bundle: this.#bundle })
    this.#idle = null
    return worker
  }

  /**
   * What a check of a scenario amounts to.
   * @throws UsageError or JobError if the job cannot be built; UserCodeFailure if building it does not come to its end
   */
  async termsOf(ask: TermsRequest): Promise<CheckTerms> {
    const file = this.fileOf(ask.scenario)
    if (file === null) return termsOf(ask)
    this.#idle = this.start()
    try {
      return await this.#idle.ask('terms', ask)
    } catch (error) {
      if (!(error instanceof NoPulse)) throw error
      throw new UserCodeFailure(`${file}: '${ask.scenario}' is not built after 10 s; look for a loop without an end.`)
    }
  }

  /** Ends what nobody has taken. */
  end(): void {
    this.#idle?.end()
    this.#idle = null
  }

  /** The user's file that a scenario is in; null if it is Cutline's own. */
  fileOf(scenario: string): string | null {
    return this.own.find(({ name }) => name === scenario)?.file ?? null
  }

  /** Every name that can be given. */
  get names(): readonly string[] {
    const own = this.own.map(({ name }) => name)
    return this.file === undefined ? [...scenarios.map(({ name }) => name), ...own] : own
  }

  /**
   * The scenario as it is written; the only one of a file if none was named.
   * @throws UsageError if there is none of this name, or none was named and there are several
   */
  nameOf(named: string | undefined): string {
    const { names } = this
    if (named === undefined) {
      if (this.file !== undefined && names.length === 1) return names[0]!
      throw new UsageError(
        this.file === undefined
          ? `Name a scenario (${names.join(', ')}), a file with one, or a bug with --bug.`
          : `${this.file} has several scenarios (${names.join(', ')}): name one before --file ${this.file}.`,
      )
    }
    const found = names.find((name) => name.toLowerCase() === named.toLowerCase())
    if (found !== undefined) return found
    if (this.file !== undefined)
      throw new UsageError(`${this.file} has no scenario '${named}': it has ${names.join(', ')}.`)
    const file = EXTENSIONS.map((extension) => `./${named}${extension}`).find((path) => existsSync(path))
    if (file !== undefined) throw new UsageError(`There is no scenario '${named}': did you mean the file ${file}?`)
    throw unknownName('scenario', named, names, names.length > 12 ? 'cutline list scenarios' : undefined)
  }
}

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs']
