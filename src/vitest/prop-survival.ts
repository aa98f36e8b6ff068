/** What a property over plans amounts to: the search, and the report of what it found. */
import fc from 'fast-check'
import { type Failure, InputError, planDraw, TWIN_EVERY, tokenOf } from '../check/index.ts'
import type { Scenario } from '../dataflow/index.ts'
import { type CheckFacts, type CheckSummary, checkSummary } from '../report/index.ts'
import { type Budget, SHRINK_MS } from './budget.ts'
import { HANGS } from './does-not-return.ts'
import { CutOff, guarded } from './guarded.ts'
import { madeAgain } from './made-again.ts'
import type { PlanPropOptions } from './plan-prop.ts'
import { type FoundProp, type PropDrawing, PropSearch } from './prop-search.ts'
import { type SmallProp, shrinkProp } from './prop-shrink.ts'
import { type FinishedRun, PropSubject } from './prop-subject.ts'
import { nowMs } from './real-time.ts'
import type { Survival } from './survival.ts'
import { faultClasses, readSeed, storeNamed } from './survive-options.ts'
import { withReason } from './with-reason.ts'

/** What a property is made of. */
export interface Prop<T> {
  readonly name: string
  readonly job: Scenario | ((values: T) => Scenario)
  readonly arbitraries: { readonly [K in keyof T]: fc.Arbitrary<T[K]> }
  readonly options: PlanPropOptions<T>
  readonly body: ((run: FinishedRun, values: T) => void) | undefined
}

/** @throws whatever the job throws; InputError if an option cannot be used */
export async function propSurvival<T extends Record<string, unknown>>(
  prop: Prop<T>,
  budget: Budget,
): Promise<Survival> {
  const startedAtMs = nowMs()
  const { name, job, body, options } = prop
  const subject = new PropSubject<T>({ name, job, body, options })
  const drawing = drawingOf(prop)
  const search = new PropSearch(subject, drawing, budget, startedAtMs)
  const found = await search.find(options.examples ?? [])
  const { total, stuckAt } = search
  const foundAtMs = nowMs()
  const facts: CheckFacts = {
    ...subject.names,
    bug: options.bug?.id,
    seed: drawing.seed,
    seconds: (foundAtMs - startedAtMs) / 1000,
    complete: found !== null || (stuckAt === null && (budget.byTime || total.runs >= budget.runs)),
  }
  if (found === null) {
    const summary = withReason(checkSummary(facts, total), budget, stuckAt)
    const asked = body === undefined || subject.asked > 0
    return { summary: asked ? summary : unasked(summary), failure: null, more: [] }
  }
  const untilMs = Math.min(startedAtMs + budget.endMs, foundAtMs + SHRINK_MS)
  const smallest = madeSmall(subject, drawing, found, untilMs, startedAtMs + budget.giveUpMs)
  const summary = checkSummary(facts, { ...total, failure: smallest.failure })
  return reported(prop, subject, summary, smallest, (nowMs() - foundAtMs) / 1000)
}

function drawingOf<T extends Record<string, unknown>>({ arbitraries, options }: Prop<T>): PropDrawing<T> {
  const { bug, faults, store = bug?.store, seed } = options
  return {
    values: fc.record(arbitraries) as fc.Arbitrary<T>,
    draws: planDraw(),
    seed: readSeed(seed),
    options: {
      ...(bug === undefined ? {} : { bug: bug.id }),
      ...(faults === undefined ? {} : { faults: faultClasses(faults) }),
      ...(store === undefined ? {} : { store: storeNamed(store) }),
    },
  }
}

/** A property whose body was never asked says nothing. */
const unasked = (summary: CheckSummary): CheckSummary =>
  summary.verdict !== 'holds'
    ? summary
    : {
        ...summary,
        verdict: 'vacuous',
        why: 'nothing was put to the test: no run came to its end without a broken assumption, so the property was never asked',
      }

interface Smallest<T> {
  /** The first failing run, or that it does not come again. */
  failure: Failure
  /** The values that it was found with. */
  readonly values: T
  /** Null if it could not be made small. */
  small: SmallProp<T> | null
}

/** Makes the failing run once more, and makes it small. Whatever goes wrong, the failure stands. */
function madeSmall<T>(
  subject: PropSubject<T>,
  drawing: PropDrawing<T>,
  found: FoundProp<T>,
  untilMs: number,
  giveUpAtMs: number,
): Smallest<T> {
  const { failure, values } = found
  const { finding, index, plan } = failure
  const smallest: Smallest<T> = { failure, values, small: null }
  if (finding.kind === HANGS || nowMs() >= untilMs) return smallest
  const stop = (): boolean => nowMs() >= untilMs
  const reached = (small: SmallProp<T>): void => {
    smallest.small = small
  }
  try {
    guarded(() => {
      const again = subject.runner(values).run(plan, { twinned: index % TWIN_EVERY === 0 })
      smallest.failure = madeAgain(failure, again)
      if (smallest.failure === failure) shrinkProp(subject, drawing, found, stop, reached)
    }, giveUpAtMs - nowMs())
  } catch (error) {
    // a RangeError: it fails otherwise when its user functions run again as twins
    if (!(error instanceof CutOff || error instanceof RangeError)) throw error
  }
  return smallest
}

function reported<T extends Record<string, unknown>>(
  { job }: Prop<T>,
  subject: PropSubject<T>,
  summary: CheckSummary,
  { failure, values: drawn, small }: Smallest<T>,
  seconds: number,
): Survival {
  const { plan, finding, digest } = small ?? failure
  const values = small?.values ?? drawn
  const runner = subject.runner(values)
  // what is not deterministic does not come again at will
  const token = finding.class === 'nondeterminism' ? null : tokenOf(runner.scenario, plan, finding.fingerprint, digest)
  const ofBody = subject.isOfBody(finding)
  const threw = ofBody || (finding.class === 'user' && finding.kind !== HANGS)
  const thrown = threw ? (runner.run(plan, { twinned: true }).cause ?? subject.thrown) : undefined
  // a body that cannot be run is no failure of the job
  if (thrown instanceof InputError) throw thrown
  // the command line knows neither values nor body
  const known = typeof job !== 'function' && !ofBody
  const steps =
    small === null ? {} : { shrunk: { from: small.from, to: small.to, evaluations: small.evaluations, seconds } }
  return {
    summary: { ...summary, message: finding.message, ...(token === null ? {} : { token }) },
    failure: { finding, plan, token: known ? token : null, ...steps, files: [] },
    more: known ? [] : valueLines(fc.stringify(values), token),
    thrown,
  }
}

function valueLines(values: string, token: string | null): string[] {
  const example =
    token === null
      ? []
      : ['', 'To make this run first, give planProp the option', `examples: [{ token: '${token}', values: ${values} }]`]
  return ['', `With the values ${values}`, ...example]
}
