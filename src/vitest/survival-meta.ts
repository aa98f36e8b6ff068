/** What a test tells the reporter, which may live in another process: plain data in the test's `meta`. */
import type { Verdict } from '../check/index.ts'
import type { Survival } from './survival.ts'

export interface SurvivalMeta {
  /** What the test was after. */
  readonly wanted: 'survives' | 'fails'
  readonly verdict: Verdict
  readonly scenario: string
  readonly seed: string
  readonly runs: number
  /** Runs that do not count, since their plan broke an assumption. */
  readonly inconclusiveRuns: number
  readonly seconds: number
  /** Phases that can occur, and those of them that never did. */
  readonly phases: number
  readonly missingPhases: readonly string[]
  /** Of the run that failed. */
  readonly run?: number
  readonly fingerprint?: string
  readonly token?: string
}

declare module 'vitest' {
  interface TaskMeta {
    /** Checks of `cutline/vitest` that the test has made, in order. */
    cutline?: SurvivalMeta[]
  }
}

/** Writes it down with the test. */
export function recordSurvival(
  test: { readonly meta: { cutline?: SurvivalMeta[] } },
  { summary }: Survival,
  toSurvive: boolean,
): void {
  const { verdict, scenario, seed, runs, inconclusiveRuns, seconds, coverage, run, fingerprint, token } = summary
  test.meta.cutline ??= []
  test.meta.cutline.push({
    wanted: toSurvive ? 'survives' : 'fails',
    verdict,
    scenario,
    seed,
    runs,
    inconclusiveRuns,
    seconds,
    phases: coverage.of,
    missingPhases: coverage.missing,
    ...(run === undefined ? {} : { run }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(token === undefined ? {} : { token }),
  })
}
