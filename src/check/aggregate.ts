/** What many runs amount to. Aggregates are plain data, so that workers can send them, and adding them is commutative. */
import { mix2 } from '../kernel/index.ts'
import type { Finding, Plan } from '../model/index.ts'
import { PHASE_NAMES } from '../model/index.ts'
import type { RunResult } from './runner.ts'

/** The first failing run by index: whatever the order and the number of workers, the same one is reported. */
export interface Failure {
  readonly index: number
  readonly plan: Plan
  readonly finding: Finding
  readonly digest: string
}
export interface Aggregate {
  runs: number
  events: number
  records: number
  checkpointsCompleted: number
  restores: number
  commits: number
  /** Faults that struck, by kind. */
  readonly faults: Record<string, number>
  readonly permitted: Record<string, number>
  readonly assumptions: Record<string, number>
  /** Runs in which each `sometimes` of the user's has held, by its name; 0 if none. */
  readonly sometimes: Record<string, number>
  /** Runs in which an assumption was broken by the plan itself. */
  inconclusive: number
  /** Sum of the state bytes of each operator in the last completed checkpoint of each run that had one, and how many had. */
  readonly stateBytes: Record<string, number>
  stateRuns: number
  /** Sums over completed checkpoints, microseconds: C and the durations. */
  intervalsUs: number
  durationsUs: number
  /** Time that tasks have spent aligning, microseconds, and records in flight in completed checkpoints. */
  alignmentUs: number
  inFlightRecords: number
  /** Commutative sums of (run index, run digest), as two words. */
  digestHigh: number
  digestLow: number
  /** Per phase of the table: 1 if it has occurred. */
  readonly phases: number[]
  failure: Failure | null
}

export const emptyAggregate = (): Aggregate => ({
  runs: 0,
  events: 0,
  records: 0,
  checkpointsCompleted: 0,
  restores: 0,
  commits: 0,
  faults: {},
  permitted: {},
  assumptions: {},
  sometimes: {},
  inconclusive: 0,
  stateBytes: {},
  stateRuns: 0,
  intervalsUs: 0,
  durationsUs: 0,
  alignmentUs: 0,
  inFlightRecords: 0,
  digestHigh: 0,
  digestLow: 0,
  phases: PHASE_NAMES.map(() => 0),
  failure: null,
})

const add = (to: Record<string, number>, name: string, n: number): void => {
  to[name] = (to[name] ?? 0) + n
}

/** Adds one run. */
export function addRun(to: Aggregate, index: number, plan: Plan, result: RunResult): void {
  const { tally } = result
  to.runs += 1
  to.events += result.steps
  to.records += tally.records
  to.checkpointsCompleted += tally.checkpointsCompleted
  to.restores += tally.restores
  to.commits += tally.commits
  plan.faults.forEach((fault, i) => {
    if (result.fired[i] === true)
      add(
        to.faults,
        typeof fault.target === 'object' && 'effect' in fault.target
          ? `${fault.what} ${fault.target.effect}`
          : fault.what,
        1,
      )
  })
  for (const [name, n] of tally.permitted) add(to.permitted, name, n)
  for (const [name, n] of tally.assumptions) add(to.assumptions, name, n)
  for (const [name, held] of tally.sometimes) add(to.sometimes, name, held ? 1 : 0)
  if (tally.assumptions.size > 0) to.inconclusive += 1
  if (tally.stateBytes.size > 0) {
    to.stateRuns += 1
    for (const [uid, bytes] of tally.stateBytes) add(to.stateBytes, uid, bytes)
  }
  to.intervalsUs += tally.intervalsUs
  to.durationsUs += tally.durationsUs
  to.alignmentUs += tally.alignmentUs
  to.inFlightRecords += tally.inFlightRecords
  const [high, low] = result.digestWords
  // mixed with the index, so that two runs that swap their digests are seen
  to.digestHigh = (to.digestHigh + mix2(high, index)) | 0
  to.digestLow = (to.digestLow + mix2(low, index)) | 0
  if (result.finding !== null && (to.failure === null || index < to.failure.index))
    to.failure = { index, plan, finding: result.finding, digest: result.digest }
}
/** Adds what another worker has found. */
export function merge(to: Aggregate, from: Aggregate): void {
  to.runs += from.runs
  to.events += from.events
  to.records += from.records
  to.checkpointsCompleted += from.checkpointsCompleted
  to.restores += from.restores
  to.commits += from.commits
  for (const [name, n] of Object.entries(from.faults)) add(to.faults, name, n)
  for (const [name, n] of Object.entries(from.permitted)) add(to.permitted, name, n)
  for (const [name, n] of Object.entries(from.assumptions)) add(to.assumptions, name, n)
  for (const [uid, n] of Object.entries(from.stateBytes)) add(to.stateBytes, uid, n)
  for (const [name, n] of Object.entries(from.sometimes)) add(to.sometimes, name, n)
  to.inconclusive += from.inconclusive
  to.stateRuns += from.stateRuns
  to.intervalsUs += from.intervalsUs
  to.durationsUs += from.durationsUs
  to.alignmentUs += from.alignmentUs
  to.inFlightRecords += from.inFlightRecords
  to.digestHigh = (to.digestHigh + from.digestHigh) | 0
  to.digestLow = (to.digestLow + from.digestLow) | 0
  from.phases.forEach((seen, i) => {
    if (seen === 1) to.phases[i] = 1
  })
  if (from.failure !== null && (to.failure === null || from.failure.index < to.failure.index)) to.failure = from.failure
}
/** The digest of all runs: 16 hexadecimal digits. */
export const digestOf = (of: Aggregate): string =>
  [of.digestHigh, of.digestLow].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')

export type Verdict = 'holds' | 'safety' | 'liveness' | 'nondeterministic' | 'usercode' | 'inconclusive' | 'vacuous'

/** What a check of these runs says. `asked`: whether all runs that were asked for have been made. */
export function verdictOf(of: Aggregate, asked: boolean): { verdict: Verdict; why: string } {
  if (of.failure !== null) {
    const { finding } = of.failure
    const verdict = (
      { safety: 'safety', liveness: 'liveness', user: 'usercode', nondeterminism: 'nondeterministic' } as const
    )[finding.class]
    return { verdict, why: finding.message }
  }
  const missing = [
    ...(of.checkpointsCompleted === 0 ? ['no checkpoint completed'] : []),
    ...(Object.keys(of.faults).length === 0 ? ['no fault struck'] : []),
    ...(of.commits === 0 && Object.keys(of.permitted).length === 0 ? ['nothing was committed'] : []),
  ]
  if (!asked) return { verdict: 'inconclusive', why: `the check was stopped after ${of.runs} runs` }
  if (missing.length > 0) return { verdict: 'vacuous', why: `nothing was put to the test: ${missing.join(', ')}` }
  const never = Object.keys(of.sometimes).filter((name) => of.sometimes[name] === 0)
  if (never.length > 0)
    return {
      verdict: 'vacuous',
      why: `${never.map((name) => `'${name}'`).join(' and ')} should hold sometimes, but never did in ${of.runs} runs: make more runs, or change the scenario until it can`,
    }
  if (of.inconclusive === of.runs)
    return { verdict: 'inconclusive', why: 'every plan broke an assumption of the contract' }
  const conclusive = of.runs - of.inconclusive
  return { verdict: 'holds', why: `0 of ${conclusive} runs: p < ${(3 / conclusive).toPrecision(2)} at 95 %` }
}
