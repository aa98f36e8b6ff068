import { daly2006, daly2006FirstOrder } from './daly-2006.ts'
import { durationText } from './duration-text.ts'
import { exactOptimum } from './exact-optimum.ts'
import { failedCheckpointShortening } from './failed-checkpoints.ts'
import type { ResolvedProblem } from './interval-problem.ts'
import { utilisationOf } from './interval-row.ts'
import { jayasekara2020 } from './jayasekara-2020.ts'
import { type OptimalInterval, optimalInterval } from './optimal-interval.ts'
import { OutOfRange } from './out-of-range.ts'
import { utilisation } from './utilisation.ts'
import { vaidya1997, vaidya1997Optimum } from './vaidya-1997.ts'
import { weibullLocalOptimum } from './weibull-local-rate.ts'
import { young1974 } from './young-1974.ts'

/** The model an answer rests on. */
export interface ModelInUse {
  readonly name: string
  /** Why this one, a sentence. */
  readonly why: string
}

/** What another model says to the same question. */
export interface OtherModel {
  readonly name: string
  /** Its best interval, from trigger to trigger, ms; null where it refuses. */
  readonly intervalMs: number | null
  readonly workMs: number | null
  /** How far that is from the optimum in use: 0.1 is 10 % longer. */
  readonly difference: number | null
  /** Utilisation at its interval, by the model in use; null where that is shorter than a checkpoint takes. */
  readonly utilisation: number | null
  /** Utilisation at the optimum in use as this model sees it; null where it has no opinion. */
  readonly ownUtilisation: number | null
  /** Why it gives no answer. */
  readonly refusal: string | null
}

/** The model in use for a problem. */
export function modelInUse(problem: ResolvedProblem): ModelInUse {
  const failed = problem.failedShare > 0 ? ' with failed checkpoints' : ''
  if (problem.failures.kind !== 'exponential')
    return {
      name: `renewal-utilisation${failed}`,
      why: `failures are not memoryless (${problem.failures.text}), and every restart begins with a whole interval`,
    }
  return {
    name: `vaidya-1997${failed}`,
    why:
      problem.latencyMs > problem.costMs
        ? `a checkpoint costs ${durationText(problem.costMs)} of work but is durable only after ` +
          `${durationText(problem.latencyMs)}, and failures are memoryless`
        : 'failures are memoryless; cost and latency are the same here, so it equals the exact stop-the-world model',
  }
}

/** What the other models say, compared with the optimum in use. */
export function otherModels(problem: ResolvedProblem, optimumMs: number): OtherModel[] {
  const { costMs, latencyMs, downtimeMs, failures, weibull, failedShare, depth, hopDelayMs } = problem
  const { mtbfMs } = failures
  const input = { intervalMs: optimumMs, costMs, mtbfMs, restartMs: downtimeMs }

  const answer = (name: string, best: () => OptimalInterval, own: (() => number) | null): OtherModel => {
    try {
      const { intervalMs, workMs } = best()
      return {
        name,
        intervalMs,
        workMs,
        difference: intervalMs / optimumMs - 1,
        utilisation: intervalMs >= problem.shortestMs ? utilisationOf(problem, intervalMs) : null,
        ownUtilisation: own === null ? null : own(),
        refusal: null,
      }
    } catch (error) {
      if (!(error instanceof OutOfRange)) throw error
      const nothing = { intervalMs: null, workMs: null, difference: null, utilisation: null, ownUtilisation: null }
      return { name, ...nothing, refusal: error.message }
    }
  }

  const others = [
    answer('young-1974', () => young1974(costMs, mtbfMs), null),
    answer('daly-2006-first-order', () => daly2006FirstOrder(costMs, mtbfMs, downtimeMs), null),
    answer('daly-2006', () => daly2006(costMs, mtbfMs), null),
    answer(
      'exact-optimum',
      () => exactOptimum(costMs, mtbfMs),
      () => utilisation(input),
    ),
  ]
  if (depth > 1)
    others.push(
      answer(
        'jayasekara-2020',
        () => exactOptimum(costMs, mtbfMs),
        () => jayasekara2020({ ...input, depth, hopDelayMs }),
      ),
    )
  if (failures.kind !== 'exponential' || failedShare > 0)
    others.push(
      answer(
        'vaidya-1997',
        () => vaidya1997Optimum(costMs, latencyMs, mtbfMs),
        () => vaidya1997({ ...input, latencyMs }),
      ),
    )
  if (failedShare > 0)
    others.push(
      answer(
        'failed-checkpoints (first order)',
        () => optimalInterval(young1974(costMs, mtbfMs).workMs * failedCheckpointShortening(failedShare), costMs),
        null,
      ),
    )
  if (weibull !== null)
    for (const share of [0.01, 0.1, 1])
      others.push(
        answer(
          `weibull-local-rate, ${durationText(share * mtbfMs)} after a restart`,
          () => weibullLocalOptimum(costMs, weibull.shape, weibull.scaleMs, share * mtbfMs),
          null,
        ),
      )
  return others
}
