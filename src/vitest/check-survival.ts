/** Runs a check within a test: in slices, so that vitest can do its work in between, and to an end before the test's. */
import {
  type Aggregate,
  Check,
  type CheckSettings,
  emptyAggregate,
  type Failure,
  merge,
  nondeterminism,
  type Shrunk,
  scenarioOf,
  shrinkFailure,
  tokenOf,
} from '../check/index.ts'
import { durationText } from '../intervals/index.ts'
import { type CheckFacts, type CheckSummary, checkSummary, counted, grouped } from '../report/index.ts'
import type { Budget } from './budget.ts'
import { doesNotReturn, HANGS } from './does-not-return.ts'
import { CutOff, guarded } from './guarded.ts'
import { nextTurn, nowMs } from './real-time.ts'
import type { Survival } from './survival.ts'

/** Runs without a look at the event loop last about this long. */
const SLICE_MS = 100
/** A run takes milliseconds; one that takes this long does not return. */
export const PATIENCE_MS = 10_000
/** A shrink that takes longer ends with what it has reached. */
export const SHRINK_MS = 20_000

/** @throws JobError if the job cannot be run */
export async function checkSurvival(settings: CheckSettings, budget: Budget): Promise<Survival> {
  const startedAtMs = nowMs()
  const { aggregate, outOfTime, stuckAt } = await runs(settings, budget, startedAtMs)
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
  return failed(
    settings,
    facts,
    aggregate,
    aggregate.failure,
    startedAtMs + budget.endMs,
    startedAtMs + budget.giveUpMs,
  )
}

async function runs(settings: CheckSettings, { runs, runMs, giveUpMs }: Budget, startedAtMs: number) {
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
    const leftMs = startedAtMs + giveUpMs - sliceAtMs
    const to = Math.min(runs, total.runs + size)
    const from = total.runs
    try {
      merge(
        total,
        guarded(() => check.batch(indices(from, to), stop), Math.min(PATIENCE_MS, leftMs)),
      )
    } catch (error) {
      if (!(error instanceof CutOff)) throw error
      if (leftMs < PATIENCE_MS) return { aggregate: total, outOfTime: true, stuckAt: index }
      total.failure = doesNotReturn(index, check.plan(index), PATIENCE_MS)
    }
    if (total.failure !== null) break
    if (total.runs < to) return { aggregate: total, outOfTime: true, stuckAt: null }
    size = Math.max(1, Math.round(size * Math.min(4, SLICE_MS / Math.max(1, nowMs() - sliceAtMs))))
    await nextTurn()
  }
  return { aggregate: total, outOfTime: false, stuckAt: null }
}

/** Says in its own words why a check has come to no verdict. */
export function withReason(summary: CheckSummary, { runs, runMs }: Budget, stuckAt: number | null): CheckSummary {
  if (stuckAt !== null) {
    const why = `run ${grouped(stuckAt)} had not returned when the test's time was up: either a user function loops for ever, or the test needs a longer timeout`
    return { ...summary, verdict: 'inconclusive', why }
  }
  if (summary.verdict !== 'inconclusive' || summary.runs === runs || runs === Number.MAX_SAFE_INTEGER) return summary
  const why = `${counted(summary.runs, 'run')} of ${grouped(runs)} fit into the ${durationText(runMs)} that the test's timeout leaves for them: give the test a longer timeout, or ask for fewer runs`
  return { ...summary, why }
}

/** Makes the failing run once more in a cluster of its own, and makes it small. Whatever goes wrong, the failure stands. */
function failed(
  settings: CheckSettings,
  facts: CheckFacts,
  aggregate: Aggregate,
  found: Failure,
  endAtMs: number,
  giveUpAtMs: number,
): Survival {
  const startedAtMs = nowMs()
  const untilMs = Math.min(endAtMs, startedAtMs + SHRINK_MS)
  const { failure, shrunk } = confirmed(settings, found, untilMs, giveUpAtMs)
  const summary = checkSummary(facts, { ...aggregate, failure })
  if (shrunk !== null) {
    const { plan, finding, token, from, to, evaluations } = shrunk
    const seconds = (nowMs() - startedAtMs) / 1000
    return {
      summary: { ...summary, message: finding.message, token },
      failure: { finding, plan, token, shrunk: { from, to, evaluations, seconds }, files: [] },
      more: [],
    }
  }
  const { plan, finding, digest } = failure
  // what is not deterministic does not come again at will
  const token =
    finding.class === 'nondeterminism' ? null : tokenOf(scenarioOf(settings), plan, finding.fingerprint, digest)
  return {
    summary: { ...summary, ...(token === null ? {} : { token }) },
    failure: { finding, plan, token, files: [] },
    more: [],
  }
}

function confirmed(
  settings: CheckSettings,
  failure: Failure,
  untilMs: number,
  giveUpAtMs: number,
): { failure: Failure; shrunk: Shrunk | null } {
  const given = { failure, shrunk: null }
  const { finding, index, plan, digest } = failure
  if (finding.class === 'nondeterminism' || finding.kind === HANGS || nowMs() >= untilMs) return given
  const fresh = new Check(settings)
  try {
    return guarded(() => {
      const again = fresh.run(index).result.digest
      if (again !== digest) return { failure: nondeterminism(index, plan, digest, again), shrunk: null }
      return { failure, shrunk: shrinkFailure(fresh, failure, () => nowMs() >= untilMs) }
    }, giveUpAtMs - nowMs())
  } catch (error) {
    if (error instanceof CutOff) return given
    throw error
  }
}
