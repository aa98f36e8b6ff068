/** What `cutline demo` does: the main job in four steps, each told in a line or two. */
import { availableParallelism } from 'node:os'
import { describeFault } from '../model/index.ts'
import { checkSummary, grouped, shrunkText, verdictLine } from '../report/index.ts'
import type { CheckNames } from './check-messages.ts'
import { type CheckOutcome, runCheck } from './check-pool.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'
import { Progress } from './progress.ts'
import { bugByName, protocols, scenarioByName } from './registry.ts'
import { reportPaint } from './report-paint.ts'
import { VERDICT_EXIT } from './verdict-exit.ts'
import { WatchedWorker } from './watched-worker.ts'

const SCENARIO = 'flight-delays'
const BUG = 'FLINK-24543'
const SEED = '1'
const TIME_MS = 10_000
const BUG_RUNS = 5000

/** The first step that does not come out as it should ends the demo with its code. */
export async function runDemo(
  output: Output,
  { time = TIME_MS }: { readonly time?: number },
  signal: AbortSignal,
): Promise<ExitCode> {
  const { bold } = output.colours
  const paint = reportPaint(output.colours)
  const say = (text: string): void => output.line(`   ${text}`)
  const bug = bugByName(BUG)

  output.line(bold(`1. Crash real work for ${time / 1000} s: ${SCENARIO}`))
  say(scenarioByName(SCENARIO).title)
  const good: CheckNames = { scenario: SCENARIO, protocol: protocols[0]!.name, seed: SEED }
  const survived = await check(good, { timeMs: time, runs: Number.MAX_SAFE_INTEGER }, signal)
  const summary = checkSummary({ ...good, seconds: survived.seconds, complete: survived.complete }, survived.aggregate)
  const { verdict, runs, restores, checkpointsCompleted, runsPerSecond } = summary
  say(verdictLine(summary, paint))
  if (verdict !== 'holds') {
    output.result({ ok: false, step: 'survive', verdict, message: summary.message ?? summary.why })
    if (survived.shrunk !== null) say(`cutline replay ${survived.shrunk.shrunk.token}`)
    return VERDICT_EXIT[verdict]
  }
  const strikes = Object.values(summary.faults).reduce((sum, count) => sum + count, 0)
  say(
    `${grouped(strikes)} faults, ${grouped(restores)} restores and ${grouped(checkpointsCompleted)} checkpoints, at ${grouped(runsPerSecond)} runs/s`,
  )

  output.line(bold(`2. Plant a bug that Flink had: ${bug.issue}`))
  say(`${bug.title}: ${bug.mechanism}`)
  const broken: CheckNames = { scenario: bug.scenario, protocol: bug.protocol, bug: bug.id, seed: SEED }
  const { aggregate, shrunk, seconds } = await check(broken, { runs: BUG_RUNS }, signal)
  const { failure } = aggregate
  if (failure === null || shrunk === null) {
    output.result({ ok: false, step: 'find', runs: aggregate.runs })
    say(
      failure === null
        ? `It was not found in ${grouped(aggregate.runs)} runs.`
        : 'It was found, but could not be shrunk.',
    )
    return EXIT.INCONCLUSIVE
  }
  say(
    paint(
      `found in run ${grouped(failure.index)} by the oracle '${failure.finding.oracle}', after ${seconds.toFixed(1)} s`,
      'bad',
    ),
  )

  output.line(bold('3. Shrink it'))
  const { from, to, evaluations, plan, finding, token } = shrunk.shrunk
  say(shrunkText({ from, to, evaluations, seconds: shrunk.seconds }))
  for (const fault of plan.faults) say(`- ${describeFault(fault)}`)
  say(paint(finding.message, 'strong'))

  output.line(bold('4. Replay it from its token'))
  say(`cutline replay ${token}`)
  const { answer, digest } = await replayed(token)
  const same = answer === 'same'
  say(
    same
      ? paint(`the same failure, by the same run (digest ${digest})`, 'good')
      : paint(`not as before: ${answer}`, 'bad'),
  )
  output.result({
    ok: same,
    ...(same ? {} : { step: 'replay' }),
    survived: { scenario: SCENARIO, runs, restores, checkpointsCompleted, verdict },
    bug: { id: bug.id, issue: bug.issue, run: failure.index, oracle: finding.oracle, fingerprint: finding.fingerprint },
    shrunk: { ...to, evaluations, seconds: rounded(shrunk.seconds) },
    replay: { answer, digest, token },
  })
  if (!same) return EXIT.INCONCLUSIVE
  output.line()
  output.line(`Next: cutline explain TOKEN tells the story of this failure, cutline list what else there is to check,`)
  output.line(`      cutline check ${SCENARIO} --bug FLINK-17568 plants another bug; cutline --help has the rest.`)
  return EXIT.HOLDS
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000

async function check(
  names: CheckNames,
  limits: { readonly runs: number; readonly timeMs?: number },
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const progress = new Progress({
    label: names.scenario,
    unit: 'runs',
    ...(limits.timeMs === undefined ? { total: limits.runs } : { limitMs: limits.timeMs }),
  })
  return runCheck({
    check: names,
    ...limits,
    workers: availableParallelism(),
    order: 'forward',
    shrink: true,
    signal,
    onProgress: (runs) => progress.update(runs),
    onShrink: () => {},
    onFailure: () => {},
  }).finally(() => progress.end())
}

async function replayed(token: string) {
  const worker = new WatchedWorker()
  try {
    return await worker.ask('replay', { token, traced: false })
  } finally {
    worker.end()
  }
}
