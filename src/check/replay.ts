/** Replays a token and says whether the failure is still the same. */
import type { Finding, Plan } from '../model/index.ts'
import { graphHash } from './graph-hash.ts'
import { requireFit } from './plan-codec.ts'
import { requireInput } from './require-input.ts'
import type { Runner, RunResult } from './runner.ts'
import { decodeToken } from './token.ts'

/**
 * - `same`: the same failure, with the same digest
 * - `same-failure-other-digest`: the same failure, but the run took another course: the code has changed on the way to it
 * - `other-failure`: it fails, but differently
 * - `passes`
 */
export type ReplayAnswer = 'same' | 'same-failure-other-digest' | 'other-failure' | 'passes'

/** What a plan names, for whoever finds the code that it is about. */
export type PlanNames = Pick<Plan, 'scenario' | 'protocol' | 'bug'>
/** Gives the runner for these names. @throws an error in one sentence if there is no such scenario, protocol or bug */
export type Resolve = (names: PlanNames) => Runner

export interface Replay {
  readonly answer: ReplayAnswer
  /** The finding of this run; null if it passes. */
  readonly finding: Finding | null
  /** Its fingerprint, and the one that the token expects. */
  readonly fingerprint: string | null
  readonly expectedFingerprint: string
  /** 16 hexadecimal digits; the token expects the first 8 of them. */
  readonly digest: string
  /** Per fault of the plan: whether it struck; false for an anchor that was never reached. */
  readonly fired: readonly boolean[]
  /** True if the job's graph is not the one that the token was made for. */
  readonly jobChanged: boolean
  readonly plan: Plan
  readonly result: RunResult
  /** Has the run's trace. */
  readonly runner: Runner
}

/**
 * Runs the token's plan once more, with twins and with the trace kept.
 * @throws InputError if the token cannot be used, its plan names what the job does not have, or the scenario reads another
 * text; JobError if the job cannot be built with the plan's parallelism; whatever `resolve` throws
 */
export function replay(token: string, resolve: Resolve): Replay {
  const { plan, graph, fingerprint, digest } = decodeToken(token)
  const runner = resolve(plan)
  requireInput(plan, runner.scenario)
  const job = runner.scenario.graph()
  requireFit(plan, job)
  const result = runner.run(plan, { twinned: true, keepTrace: true })
  const found = result.finding?.fingerprint ?? null
  return {
    answer: answerOf(found, fingerprint, result.digest.startsWith(digest)),
    finding: result.finding,
    fingerprint: found,
    expectedFingerprint: fingerprint,
    digest: result.digest,
    fired: result.fired,
    jobChanged: graphHash(job) !== graph,
    plan,
    result,
    runner,
  }
}

function answerOf(found: string | null, expected: string, sameDigest: boolean): ReplayAnswer {
  if (found === null) return 'passes'
  if (found !== expected) return 'other-failure'
  return sameDigest ? 'same' : 'same-failure-other-digest'
}
