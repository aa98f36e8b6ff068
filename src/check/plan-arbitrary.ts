/** Plans for fast-check: it generates and hands over. */
import fc from 'fast-check'
import type { JobGraph, Scenario } from '../dataflow/index.ts'
import type { Plan } from '../model/index.ts'
import { type DrawOptions, drawPlan } from './draw-plan.ts'

/** Plans that can be drawn: as many as a seed's index may have digits for. */
const MOST = 999_999_999

/**
 * An arbitrary of plans for a scenario, to stand in `fc.property` beside arbitraries of the user's own:
 *
 * ```ts
 * fc.assert(
 *   fc.property(planArbitrary(shop, { protocol: 'aligned' }), fc.integer({ min: 1, max: 9 }), (plan, orders) => …),
 * )
 * ```
 *
 * fast-check's random source picks the seed of the draw (evenly, so that plans hardly ever repeat), the draw makes the plan: the
 * mix of timed, anchored and paired faults is that of `cutline check`. A plan does not shrink here, although values of other
 * arbitraries beside it do: fast-check shrinks for "fails", which slips into another bug; hand the failing plan to `shrink`,
 * which keeps the fingerprint.
 * @param options protocol, bug and classes of faults, as `drawPlan` takes them
 */
export function planArbitrary(scenario: Scenario, options: DrawOptions): fc.Arbitrary<Plan> {
  const graph = scenario.graph()
  return fc.noShrink(planIndex().map((index) => plannedAt(index, scenario, graph, options)))
}

/** The same before it is known which scenario the plan is for: it may depend on what other arbitraries have given. */
export function planDraw(): fc.Arbitrary<(scenario: Scenario, options: DrawOptions) => Plan> {
  return fc.noShrink(
    planIndex().map((index) => (scenario, options) => plannedAt(index, scenario, scenario.graph(), options)),
  )
}

const planIndex = (): fc.Arbitrary<number> => fc.noBias(fc.nat(MOST))

const plannedAt = (index: number, scenario: Scenario, graph: JobGraph, options: DrawOptions): Plan =>
  drawPlan(scenario, graph, `property/${index}`, index, options)
