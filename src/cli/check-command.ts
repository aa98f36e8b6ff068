/** What `cutline check` does: runs until something fails or all is done, then the verdict. */
import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { type CutlineConfig, corpusLine, type Failure, type Order } from '../check/index.ts'
import { durationMs } from '../dataflow/index.ts'
import type { Finding } from '../model/index.ts'
import {
  type CheckSummary,
  checkLines,
  checkSummary,
  type FailureReport,
  failureLines,
  verdictLine,
} from '../report/index.ts'
import type { CheckNames, CheckTerms } from './check-messages.ts'
import { type CheckOutcome, runCheck } from './check-pool.ts'
import { configFile } from './config-file.ts'
import { appendLine } from './corpus-file.ts'
import type { ExitCode } from './exit-codes.ts'
import { faultClasses } from './fault-names.ts'
import type { Output } from './output.ts'
import { Progress } from './progress.ts'
import { bugByName, protocolByName, storeByName } from './registry.ts'
import { reportPaint } from './report-paint.ts'
import { isPath, ScenarioSource } from './scenario-source.ts'
import { UsageError } from './usage-error.ts'
import { VERDICT_EXIT } from './verdict-exit.ts'

/** The command's options as commander read them. */
export interface CheckFlags {
  readonly file?: string
  readonly runs?: number
  readonly time?: number
  readonly seed?: string
  readonly bug?: string
  readonly protocol?: string
  readonly faults?: string
  readonly store?: string
  readonly input?: string
  readonly workers?: number
  readonly order: Order
  readonly shrink: boolean
  readonly corpus?: string
}

const RUNS = 1000
const CORPUS = 'reports/failures/corpus.jsonl'

/**
 * @param named a scenario by name, or the file that has it
 * @throws UsageError if something that the user named does not exist; UserCodeFailure if the user's file fails
 */
export async function runCheckCommand(
  output: Output,
  named: string | undefined,
  given: CheckFlags,
  interruption: () => AbortSignal,
): Promise<ExitCode> {
  const config = await configFile()
  const flags = withDefaults(given, config?.config.defaults)
  const { scenario, file } = scenarioAndFile(named, flags.file)
  const source = await ScenarioSource.open(file, config)
  try {
    const { names, skipped } = await checkNames(output, source, scenario, flags)
    const corpus = flags.corpus ?? config?.corpusOf(names.scenario) ?? CORPUS
    return await check(output, source, names, { ...flags, corpus, skipped }, interruption())
  } finally {
    source.end()
  }
}

async function check(
  output: Output,
  source: ScenarioSource,
  names: CheckNames,
  flags: CheckFlags & { readonly corpus: string } & Pick<CheckTerms, 'skipped'>,
  signal: AbortSignal,
): Promise<ExitCode> {
  if (flags.runs === undefined && flags.time !== undefined && flags.order !== 'forward')
    throw new UsageError(`--order ${flags.order} begins at the other end: say with --runs where that is.`)
  const runs = flags.runs ?? (flags.time === undefined ? RUNS : Number.MAX_SAFE_INTEGER)
  const progress = new Progress({
    label: names.scenario,
    unit: 'runs',
    ...(runs === Number.MAX_SAFE_INTEGER ? {} : { total: runs }),
    ...(flags.time === undefined ? {} : { limitMs: flags.time }),
  })
  const keep = ({ fingerprint }: Finding, token: string, note: string): void => {
    const { scenario, bug } = names
    const date = new Date().toISOString()
    const entry = { token, scenario, fingerprint, note, date, ...(bug === undefined ? {} : { bug }) }
    const problem = appendLine(flags.corpus, corpusLine(entry))
    if (problem === null) files.add(flags.corpus)
    else output.note(problem)
  }
  const files = new Set<string>()
  const shrinking = new Progress({ label: 'shrinking', unit: 'runs' })
  const outcome = await runCheck(
    {
      check: names,
      runs,
      ...(flags.time === undefined ? {} : { timeMs: flags.time }),
      workers: flags.workers ?? availableParallelism(),
      order: flags.order,
      shrink: flags.shrink,
      signal,
      onProgress: (done) => progress.update(done),
      onShrink: (done) => shrinking.update(done),
      onFailure: (failure, token) => keep(failure.finding, token, 'as found'),
    },
    () => source.start(),
  ).finally(() => {
    progress.end()
    shrinking.end()
  })
  const { shrunk } = outcome
  if (shrunk !== null) keep(shrunk.shrunk.finding, shrunk.shrunk.token, 'shrunk')
  return report(output, source, names, flags.skipped, outcome, [...files])
}

/** What the configuration says where the command line does not; how much to do is one question, so one answer to it is enough. */
function withDefaults(flags: CheckFlags, defaults: CutlineConfig['defaults'] = {}): CheckFlags {
  const { runs, time, seed, faults, protocol, store, workers } = defaults
  const open = flags.runs === undefined && flags.time === undefined
  return {
    ...(seed === undefined ? {} : { seed: String(seed) }),
    ...(faults === undefined ? {} : { faults: faults.length === 0 ? 'none' : faults.join(',') }),
    ...(protocol === undefined || flags.bug !== undefined ? {} : { protocol }),
    ...(store === undefined || flags.bug !== undefined ? {} : { store }),
    ...(workers === undefined ? {} : { workers }),
    ...(open && runs !== undefined ? { runs } : {}),
    ...(open && time !== undefined ? { time: durationMs(time, 'defaults.time') } : {}),
    ...flags,
  }
}

/** @throws UsageError if two files were named */
function scenarioAndFile(
  named: string | undefined,
  file: string | undefined,
): { readonly scenario: string | undefined; readonly file: string | undefined } {
  if (named === undefined || !isPath(named)) return { scenario: named, file }
  if (file !== undefined) throw new UsageError(`Two files were named, ${named} and ${file}: name one.`)
  return { scenario: undefined, file: named }
}

/**
 * The names of the check, complete and as they are written, and what it leaves out.
 * @throws UsageError if there is none of a name; UserCodeFailure if the user's job cannot be built
 */
async function checkNames(
  output: Output,
  source: ScenarioSource,
  scenario: string | undefined,
  flags: CheckFlags,
): Promise<{ readonly names: CheckNames } & Pick<CheckTerms, 'skipped'>> {
  const seed = flags.seed ?? String(randomInt(1_000_000_000))
  if (seed === '' || seed.includes('/') || seed.length > 100)
    throw new UsageError(`--seed wants up to 100 characters without '/', but got '${seed}'.`)
  const bug = flags.bug === undefined ? undefined : bugByName(flags.bug)
  const toChoose = scenario === undefined && source.file === undefined
  let name = bug !== undefined && toChoose ? bug.scenario : source.nameOf(scenario)
  if (bug?.variant !== undefined && name !== bug.scenario) {
    output.note(`'${bug.id}' lies in the user code of ${bug.scenario}, which is checked in place of ${name}.`)
    name = bug.scenario
  }
  const named = flags.protocol ?? bug?.protocol
  const { protocol, skipped } = await source.termsOf({
    scenario: name,
    ...(bug === undefined ? {} : { bug: bug.id }),
    ...(named === undefined ? {} : { protocol: protocolByName(named).name }),
  })
  const names = {
    scenario: name,
    protocol,
    seed,
    ...(bug === undefined ? {} : { bug: bug.id }),
    ...(flags.faults === undefined ? {} : { faults: faultClasses(flags.faults) }),
    ...(flags.store === undefined ? {} : { store: storeByName(flags.store) }),
    ...(flags.input === undefined ? {} : { input: flags.input }),
  }
  return { names, skipped }
}

/** Prints what came out. */
function report(
  output: Output,
  source: ScenarioSource,
  names: CheckNames,
  skipped: CheckTerms['skipped'],
  outcome: CheckOutcome,
  files: readonly string[],
): ExitCode {
  const { aggregate, complete, seconds } = outcome
  const { failure } = aggregate
  const file = source.fileOf(names.scenario)
  const checked = checkSummary({ ...names, seconds, complete, skipped }, aggregate)
  const plain = { ...checked, ...(file === null ? {} : { file }) }
  const paint = reportPaint(output.colours)
  if (failure === null) {
    output.result(plain)
    output.line(verdictLine(plain, paint))
    for (const line of checkLines(plain, paint)) output.line(line)
    return VERDICT_EXIT[plain.verdict]
  }
  const found = failureReport(names, source, failure, outcome, files)
  const summary: CheckSummary = {
    ...plain,
    message: found.finding.message,
    ...(found.token === null ? {} : { token: found.token }),
    ...(found.shrunk === undefined
      ? {}
      : {
          shrunk: {
            ...found.shrunk.to,
            evaluations: found.shrunk.evaluations,
            seconds: Math.round(found.shrunk.seconds * 1000) / 1000,
          },
        }),
  }
  output.result(summary)
  output.line(verdictLine(summary, paint))
  for (const line of [...failureLines(found, paint), '', ...checkLines(summary, paint)]) output.line(line)
  return VERDICT_EXIT[summary.verdict]
}

function failureReport(
  names: CheckNames,
  source: ScenarioSource,
  failure: Failure,
  { token, shrunk }: CheckOutcome,
  files: readonly string[],
): FailureReport {
  const read = {
    ...(names.input === undefined ? {} : { input: names.input }),
    ...(source.replayFile === undefined ? {} : { file: source.replayFile }),
  }
  if (shrunk === null) return { finding: failure.finding, plan: failure.plan, token, ...read, files }
  const { from, to, evaluations, plan, finding } = shrunk.shrunk
  return {
    finding,
    plan,
    token: shrunk.shrunk.token,
    ...read,
    shrunk: { from, to, evaluations, seconds: shrunk.seconds },
    files,
  }
}
