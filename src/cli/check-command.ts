/** What `cutline check` does: runs until something fails or all is done, then the verdict. */
import { randomInt } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { corpusLine, type Failure, type Order, scenarioOf, tokenOf } from '../check/index.ts'
import type { Finding } from '../model/index.ts'
import {
  type CheckSummary,
  checkLines,
  checkSummary,
  type FailureReport,
  failureLines,
  verdictLine,
} from '../report/index.ts'
import type { CheckNames } from './check-messages.ts'
import { type CheckOutcome, runCheck } from './check-pool.ts'
import { appendLine } from './corpus-file.ts'
import type { ExitCode } from './exit-codes.ts'
import { faultClasses } from './fault-names.ts'
import type { Output } from './output.ts'
import { Progress } from './progress.ts'
import { bugByName, protocolByName, protocols, scenarioByName, scenarios, settingsOf } from './registry.ts'
import { reportPaint } from './report-paint.ts'
import { UsageError } from './usage-error.ts'
import { VERDICT_EXIT } from './verdict-exit.ts'

/** The command's options as commander read them. */
export interface CheckFlags {
  readonly runs?: number
  readonly time?: number
  readonly seed?: string
  readonly bug?: string
  readonly protocol?: string
  readonly faults?: string
  readonly input?: string
  readonly workers?: number
  readonly order: Order
  readonly shrink: boolean
  readonly corpus: string
}

const RUNS = 1000

/** @throws UsageError if something that the user named does not exist */
export async function runCheckCommand(
  output: Output,
  scenario: string | undefined,
  flags: CheckFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  const names = checkNames(output, scenario, flags)
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
  const outcome = await runCheck({
    check: names,
    runs,
    ...(flags.time === undefined ? {} : { timeMs: flags.time }),
    workers: flags.workers ?? availableParallelism(),
    order: flags.order,
    shrink: flags.shrink,
    signal,
    onProgress: (done) => progress.update(done),
    onShrink: (done) => shrinking.update(done),
    onFailure: (failure) => keep(failure.finding, tokenOfFailure(names, failure), 'as found'),
  }).finally(() => {
    progress.end()
    shrinking.end()
  })
  const { shrunk } = outcome
  if (shrunk !== null) keep(shrunk.shrunk.finding, shrunk.shrunk.token, 'shrunk')
  return report(output, names, outcome, [...files])
}

/** The names of the check, complete and as they are written. @throws UsageError */
function checkNames(output: Output, scenario: string | undefined, flags: CheckFlags): CheckNames {
  const seed = flags.seed ?? String(randomInt(1_000_000_000))
  if (seed === '' || seed.includes('/') || seed.length > 100)
    throw new UsageError(`--seed wants up to 100 characters without '/', but got '${seed}'.`)
  const bug = flags.bug === undefined ? undefined : bugByName(flags.bug)
  if (scenario === undefined && bug === undefined)
    throw new UsageError(`Name a scenario (${scenarios.map((known) => known.name).join(', ')}), or a bug with --bug.`)
  let named = scenario === undefined ? bug!.scenario : scenarioByName(scenario).name
  if (bug?.variant !== undefined && named !== bug.scenario) {
    output.note(`'${bug.id}' lies in the user code of ${bug.scenario}, which is checked in place of ${named}.`)
    named = bug.scenario
  }
  return {
    scenario: named,
    protocol: protocolByName(flags.protocol ?? bug?.protocol ?? protocols[0]!.name).name,
    seed,
    ...(bug === undefined ? {} : { bug: bug.id }),
    ...(flags.faults === undefined ? {} : { faults: faultClasses(flags.faults) }),
    ...(flags.input === undefined ? {} : { input: flags.input }),
  }
}

function tokenOfFailure(names: CheckNames, { plan, finding, digest }: Failure): string {
  return tokenOf(scenarioOf(settingsOf(names)), plan, finding.fingerprint, digest)
}

/** Prints what came out. */
function report(
  output: Output,
  names: CheckNames,
  { aggregate, complete, seconds, shrunk }: CheckOutcome,
  files: readonly string[],
): ExitCode {
  const { failure } = aggregate
  const plain = checkSummary({ ...names, seconds, complete }, aggregate)
  const paint = reportPaint(output.colours)
  if (failure === null) {
    output.result(plain)
    output.line(verdictLine(plain, paint))
    for (const line of checkLines(plain, paint)) output.line(line)
    return VERDICT_EXIT[plain.verdict]
  }
  const found = failureReport(names, failure, shrunk, files)
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
  failure: Failure,
  shrunk: CheckOutcome['shrunk'],
  files: readonly string[],
): FailureReport {
  const read = names.input === undefined ? {} : { input: names.input }
  if (shrunk !== null) {
    const { from, to, evaluations, plan, finding, token } = shrunk.shrunk
    return { finding, plan, token, ...read, shrunk: { from, to, evaluations, seconds: shrunk.seconds }, files }
  }
  // what is not deterministic does not come again at will
  const token = failure.finding.class === 'nondeterminism' ? null : tokenOfFailure(names, failure)
  return { finding: failure.finding, plan: failure.plan, token, ...read, files }
}
