/**
 * Makes a failing run of a property small, always for the same fingerprint: the plan by Cutline's own shrinker under the
 * drawn values, then the values by fast-check under the small plan, then the plan once more.
 */
import fc from 'fast-check'
import { type Failure, type PlanSize, shrink } from '../check/index.ts'
import type { Finding, Plan } from '../model/index.ts'
import type { FoundProp, PropDrawing } from './prop-search.ts'
import type { PropSubject } from './prop-subject.ts'

export interface SmallProp<T> {
  readonly values: T
  readonly plan: Plan
  readonly finding: Finding
  readonly digest: string
  readonly from: PlanSize
  readonly to: PlanSize
  /** Runs that were needed. */
  readonly evaluations: number
}

/**
 * @param stop asked before every run: true ends the shrinking with what has been reached
 * @param reached told each step, for whoever cuts this off in its middle
 */
export function shrinkProp<T>(
  subject: PropSubject<T>,
  drawing: PropDrawing<T>,
  { failure, values, drawn }: FoundProp<T>,
  stop: () => boolean,
  reached: (small: SmallProp<T>) => void,
): void {
  const first = shrunkPlan(subject, values, failure, stop)
  reached(first)
  if (drawn === null) return
  const smaller = smallerValues(subject, drawing, first, drawn, stop)
  if (smaller === null) return
  const last = shrunkPlan(subject, smaller.values, { plan: first.plan, finding: first.finding }, stop)
  reached({ ...last, from: first.from, evaluations: first.evaluations + smaller.evaluations + last.evaluations })
}

function shrunkPlan<T>(
  subject: PropSubject<T>,
  values: T,
  { plan, finding }: Pick<Failure, 'plan' | 'finding'>,
  stop: () => boolean,
): SmallProp<T> {
  return { ...shrink(subject.runner(values), plan, finding, { stop }), values }
}

/** The smallest values that fail in the same way under the plan; null if none are smaller. */
function smallerValues<T>(
  subject: PropSubject<T>,
  { values, draws }: PropDrawing<T>,
  { plan, finding }: SmallProp<T>,
  { seed, path }: NonNullable<FoundProp<T>['drawn']>,
  stop: () => boolean,
): { readonly values: T; readonly evaluations: number } | null {
  let best: T | null = null
  let evaluations = 0
  const fails = (candidate: T): boolean => {
    evaluations += 1
    try {
      return subject.runner(candidate).run(plan, { twinned: true }).finding?.fingerprint === finding.fingerprint
    } catch {
      return false // of these values no job can be made, or none that the plan fits
    }
  }
  fc.check(
    fc.property(values, draws, (candidate, _plan) => {
      if (stop() || !fails(candidate)) return
      if (evaluations > 1) best = candidate
      throw new Error(finding.fingerprint)
    }),
    { seed, path, numRuns: 1 },
  )
  return best === null ? null : { values: best, evaluations }
}
