/** Runs a check within a test: in slices, so that vitest can do its work in between, and to an end before the test's. */
import { Check, type CheckSettings, emptyAggregate, merge, scenarioOf } from '../check/index.ts'
import { type CheckFacts, checkSummary } from '../report/index.ts'
import { type Budget, PATIENCE_MS, SHRINK_MS } from './budget.ts'
import { doesNotReturn } from './does-not-return.ts'
import { failedSurvival } from './failed-survival.ts'
import { CutOff, guarded } from './guarded.ts'
import { nextTurn, nowMs } from './real-time.ts'
import type { Survival } from './survival.ts'
import { withReason } from './with-reason.ts'

/** Runs without a look at the event loop last about this long. */
const SLICE_MS = 100

export interface CheckManner {
  /** Whether a failing run is made small; true if left out. */
  readonly shrink?: boolean
  /** After which a run counts as one that does not return; 10 s if left out. */
  readonly patienceMs?: number
}

/** @throws JobError if the job cannot be run */
export async function checkSurvival(
  settings: CheckSettings,
  budget: Budget,
  { shrink = true, patienceMs = PATIENCE_MS }: CheckManner = {},
): Promise<Survival> {
  const startedAtMs = nowMs()
  const { aggregate, outOfTime, stuckAt } = await makeRuns(settings, budget, patienceMs, startedAtMs)
  const seconds = (nowMs() - startedAtMs) / 1000
  const complete = aggregate.failure !== null || aggregate.runs >= budget.runs || (outOfTime && budget.byTime)
  const facts: CheckFacts = {
    scenario: scenarioOf(settings).name,
    protocol: settings.protocol.name,
    bug: settings.bug?.id,
    seed: settings.seed,
    seconds,
    complete: complete && stuckAt === null,
  }
  if (aggregate.failure === null) {
    const summary = checkSummary(facts, aggregate)
    return { summary: withReason(summary, budget, stuckAt), failure: null, more: [] }
  }
  const giveUpAtMs = startedAtMs + budget.giveUpMs
  const untilMs = shrink ? Math.min(startedAtMs + budget.endMs, nowMs() + SHRINK_MS) : nowMs()
  return failedSurvival(settings, facts, aggregate, aggregate.failure, untilMs, giveUpAtMs)
}

async function makeRuns(
  settings: CheckSettings,
  { runs, runMs, giveUpMs }: Budget,
  patienceMs: number,
  startedAtMs: number,
) {
  const check = new Check(settings)
  const total = emptyAggregate()
  let index = 0
  const indices = function* (from: number, to: number): Generator<number> {
    for (index = from; index < to; index += 1) yield index
  }
  const untilMs = startedAtMs + runMs
  const stop = (): boolean => index > 0 && nowMs() >= untilMs
  for (let size = 1; total.runs < runs; ) {
    const sliceAtMs = nowMs()
    if (total.runs > 0 && sliceAtMs >= untilMs) return { aggregate: total, outOfTime: true, stuckAt: null }
    const leftMs = startedAtMs + giveUpMs - sliceAtMs
    const to = Math.min(runs, total.runs + size)
    const from = total.runs
    try {
      merge(
        total,
        guarded(() => check.batch(indices(from, to), stop), Math.min(patienceMs, leftMs)),
      )
    } catch (error) {
      if (!(error instanceof CutOff)) throw error
      if (leftMs < patienceMs) return { aggregate: total, outOfTime: true, stuckAt: index }
      total.failure = doesNotReturn(index, check.plan(index), patienceMs)
    }
    if (total.failure !== null) break
    if (total.runs < to) return { aggregate: total, outOfTime: true, stuckAt: null }
    size = Math.max(1, Math.round(size * Math.min(4, SLICE_MS / Math.max(1, nowMs() - sliceAtMs))))
    await nextTurn()
  }
  return { aggregate: total, outOfTime: false, stuckAt: null }
}
