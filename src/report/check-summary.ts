/** What a check amounts to, as plain data: for programs as it stands, for people by `checkLines`. */
import { type Aggregate, digestOf, type PlanSize, type Verdict, verdictOf } from '../check/index.ts'
import { PHASE_NAMES, type Phase, phaseCode, QUORUM_PHASES } from '../model/index.ts'

export interface CheckSummary {
  readonly scenario: string
  /** The user's file that the scenario is in. */
  readonly file?: string
  readonly protocol: string
  /** What the job's metadata were entrusted to, if that was asked for. */
  readonly store?: string
  /** Id of the bug that was planted. */
  readonly bug?: string
  readonly seed: string
  readonly runs: number
  readonly events: number
  readonly records: number
  readonly checkpointsCompleted: number
  readonly restores: number
  readonly commits: number
  /** Faults that struck, by kind. */
  readonly faults: Readonly<Record<string, number>>
  /** What the contract permits, by kind. */
  readonly permitted: Readonly<Record<string, number>>
  /** Assumptions of the contract that a plan broke, by name. */
  readonly assumptions: Readonly<Record<string, number>>
  /** Invariants of the scenario that were not checked, since the protocol does not give what they need. */
  readonly skipped: readonly { readonly name: string; readonly needs: string }[]
  /** Runs in which each `sometimes` of the scenario has held, by its name. */
  readonly sometimes: Readonly<Record<string, number>>
  /** Runs in which one was broken: they say nothing for or against. */
  readonly inconclusiveRuns: number
  readonly seconds: number
  readonly runsPerSecond: number
  readonly eventsPerSecond: number
  readonly verdict: Verdict
  /** A sentence without a full stop. */
  readonly why: string
  /** Index of the run that failed; with it oracle, message and fingerprint of its finding. */
  readonly run?: number
  readonly oracle?: string
  readonly message?: string
  readonly fingerprint?: string
  readonly token?: string
  readonly shrunk?: PlanSize & { readonly evaluations: number; readonly seconds: number }
  /** A sum over run index and run digest: the same in any order and for any number of workers. */
  readonly digest: string
  /** The s of each operator: bytes in the last completed checkpoint, the mean over the runs that had one. */
  readonly stateBytes: Readonly<Record<string, number>>
  /** Their sum. */
  readonly S: number
  /** Means over all completed checkpoints: from trigger to trigger, and from the trigger until durable. */
  readonly C: { readonly intervalMs: number; readonly durationMs: number; readonly checkpoints: number }
  /** Per completed checkpoint: for how long tasks aligned, all together, and how many records it has in flight. */
  readonly alignment: { readonly alignedMs: number; readonly inFlightRecords: number }
  /** How many phases of the table occurred, of how many, and which did not. */
  readonly coverage: { readonly phases: number; readonly of: number; readonly missing: readonly string[] }
}

export interface CheckFacts {
  readonly scenario: string
  readonly protocol: string
  readonly bug?: string | undefined
  /** What the job's metadata were entrusted to, if that was asked for. */
  readonly store?: string | undefined
  readonly seed: string
  readonly seconds: number
  /** Whether the check came to its end. */
  readonly complete: boolean
  /** Invariants that need more than the protocol gives; none if left out. */
  readonly skipped?: readonly { readonly name: string; readonly needs: string }[]
}

/** Without token and shrunk, which whoever has them adds. */
export function checkSummary(
  { scenario, protocol, bug, store, seed, seconds, complete, skipped = [] }: CheckFacts,
  of: Aggregate,
): CheckSummary {
  const { failure } = of
  const perCheckpoint = (sumUs: number): number => (of.checkpointsCompleted === 0 ? 0 : sumUs / of.checkpointsCompleted)
  const stateBytes = Object.fromEntries(
    Object.entries(of.stateBytes).map(([uid, sum]) => [uid, Math.round(sum / of.stateRuns)]),
  )
  const seen = (phase: Phase): boolean => of.phases[phaseCode(phase)] === 1
  const ofQuorum = (phase: Phase): boolean => (QUORUM_PHASES as readonly Phase[]).includes(phase)
  const possible = PHASE_NAMES.filter((phase) => !ofQuorum(phase) || QUORUM_PHASES.some(seen))
  const missing = possible.filter((phase) => !seen(phase))
  return {
    scenario,
    protocol,
    ...(store === undefined ? {} : { store }),
    ...(bug === undefined ? {} : { bug }),
    seed,
    runs: of.runs,
    events: of.events,
    records: of.records,
    checkpointsCompleted: of.checkpointsCompleted,
    restores: of.restores,
    commits: of.commits,
    faults: byCount(of.faults),
    permitted: byCount(of.permitted),
    assumptions: byCount(of.assumptions),
    skipped,
    sometimes: of.sometimes,
    inconclusiveRuns: of.inconclusive,
    seconds: rounded(seconds, 1000),
    runsPerSecond: rounded(of.runs / seconds, 10),
    eventsPerSecond: Math.round(of.events / seconds),
    ...verdictOf(of, complete),
    ...(failure === null
      ? {}
      : {
          run: failure.index,
          oracle: failure.finding.oracle,
          message: failure.finding.message,
          fingerprint: failure.finding.fingerprint,
        }),
    digest: digestOf(of),
    stateBytes,
    S: Object.values(stateBytes).reduce((sum, bytes) => sum + bytes, 0),
    C: {
      intervalMs: rounded(perCheckpoint(of.intervalsUs) / 1000, 1000),
      durationMs: rounded(perCheckpoint(of.durationsUs) / 1000, 1000),
      checkpoints: of.checkpointsCompleted,
    },
    alignment: {
      alignedMs: rounded(perCheckpoint(of.alignmentUs) / 1000, 1000),
      inFlightRecords: rounded(perCheckpoint(of.inFlightRecords), 100),
    },
    coverage: { phases: possible.length - missing.length, of: possible.length, missing },
  }
}

const rounded = (value: number, to: number): number => Math.round(value * to) / to

/** The most frequent first; the same order however the counts were added up. */
function byCount(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)))
}
