/** What `cutline bugs` does: a hunt for each bug of the museum, a few at the same time. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { type BugDefinition, type Failure, verdictOf } from '../check/index.ts'
import { BUG_ALIGN, type BugRow, bugsLine, bugsMarkdown, bugTable } from '../report/index.ts'
import type { CheckNames } from './check-messages.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'
import { Progress } from './progress.ts'
import { bugByName, bugs } from './registry.ts'
import { table } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { WatchedWorker } from './watched-worker.ts'

/** The command's options as commander read them. */
export interface BugsFlags {
  readonly runs?: number
  readonly seed?: string
  readonly workers?: number
  readonly report?: string
}

const RUNS = 2000

/** @throws UsageError if there is no such bug */
export async function runBugs(
  output: Output,
  ids: readonly string[],
  flags: BugsFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { runs = RUNS, seed = '1' } = flags
  const asked = ids.length === 0 ? bugs : [...new Set(ids.map(bugByName))]
  const rows = await huntAll(asked, { runs, seed, workers: flags.workers ?? availableParallelism(), signal })
  output.result(rows)
  const { bold, red, green } = output.colours
  const [heading, ...body] = table(bugTable(rows), BUG_ALIGN).split('\n')
  output.line(bold(heading!))
  body.forEach((line, i) => {
    output.line(rows[i]!.found ? line : red(line))
  })
  output.line()
  const done = rows.length === asked.length
  const good = done && rows.every(({ found, replay }) => found && replay === 'same')
  output.line(
    (good ? green : red)(`${bugsLine(rows)}${done ? '' : `; stopped before the other ${asked.length - rows.length}`}`),
  )
  if (flags.report !== undefined) {
    const command = `npm run -s cutline -- bugs --report ${flags.report}`
    writeReport(flags.report, bugsMarkdown(rows, { runs, seed, command }))
    output.note(`Wrote ${flags.report}`)
  }
  return good ? EXIT.HOLDS : EXIT.INCONCLUSIVE
}

interface Hunt {
  readonly runs: number
  readonly seed: string
  readonly workers: number
  readonly signal: AbortSignal
}

/** The rows in the order of the bugs; fewer if the hunt was stopped. */
async function huntAll(asked: readonly BugDefinition[], hunt: Hunt): Promise<BugRow[]> {
  const rows = new Map<BugDefinition, BugRow>()
  const waiting = [...asked]
  const progress = new Progress({ label: 'hunting', unit: 'bugs', total: asked.length })
  const atWork = new Set<WatchedWorker>()
  const stop = (): void => {
    for (const worker of atWork) worker.stop()
  }
  const timer = setInterval(() => progress.update(rows.size), 100)
  hunt.signal.addEventListener('abort', stop)
  const work = async (): Promise<void> => {
    const worker = new WatchedWorker()
    atWork.add(worker)
    for (let bug = waiting.shift(); bug !== undefined && !hunt.signal.aborted; bug = waiting.shift()) {
      const row = await huntOne(worker, bug, hunt)
      if (!hunt.signal.aborted) rows.set(bug, row)
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(hunt.workers, asked.length) }, work))
  } finally {
    clearInterval(timer)
    progress.end()
    hunt.signal.removeEventListener('abort', stop)
    for (const worker of atWork) worker.end()
  }
  return asked.flatMap((bug) => rows.get(bug) ?? [])
}

async function huntOne(worker: WatchedWorker, bug: BugDefinition, { runs, seed }: Hunt): Promise<BugRow> {
  const { id, issue = null, scenario, protocol, title, oracles } = bug
  const check: CheckNames = { scenario, protocol, bug: id, seed }
  const startedAt = performance.now()
  const aggregate = await worker.ask('batch', { check, from: 0, to: runs, runs, order: 'forward' })
  const seconds = secondsSince(startedAt)
  const common = { id, issue, scenario, title, declared: oracles, runs: aggregate.runs, seconds }
  const { failure } = aggregate
  if (failure === null)
    return {
      ...common,
      found: false,
      oracle: null,
      verdict: null,
      fingerprint: null,
      shrunk: null,
      token: null,
      replay: null,
    }
  const { oracle, fingerprint } = failure.finding
  const small = await shrunkOf(worker, check, failure)
  return { ...common, found: true, oracle, verdict: verdictOf(aggregate, true).verdict, fingerprint, ...small }
}

async function shrunkOf(
  worker: WatchedWorker,
  check: CheckNames,
  failure: Failure,
): Promise<Pick<BugRow, 'shrunk' | 'token' | 'replay'>> {
  const startedAt = performance.now()
  const { to, evaluations, token } = await worker.ask('shrink', { check, failure })
  const shrunk = { ...to, evaluations, seconds: secondsSince(startedAt) }
  const { answer } = await worker.ask('replay', { token, traced: false })
  return { shrunk, token, replay: answer }
}

const secondsSince = (startedAt: number): number => Math.round(performance.now() - startedAt) / 1000

function writeReport(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(
      `${path} cannot be written (${(error as NodeJS.ErrnoException).code}): name another file with --report.`,
    )
  }
}
