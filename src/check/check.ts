/** A check: many drawn plans of one scenario, each a run of its own, in any order and over any number of workers. */
import type { Scenario } from '../dataflow/index.ts'
import type { FaultClass, MetadataStoreName, Mutation, Plan, Protocol } from '../model/index.ts'
import { type Aggregate, addRun, emptyAggregate } from './aggregate.ts'
import type { BugDefinition } from './bug.ts'
import { drawPlan } from './draw-plan.ts'
import { nondeterminism } from './nondeterminism.ts'
import { requireRescalable } from './rescaled-plan.ts'
import { Runner, type RunResult } from './runner.ts'

/** Every run whose index is divisible by it runs the user's functions again as twins. */
export const TWIN_EVERY = 8
/** Every run whose index is divisible by it is run a second time, later and in another order, and compared. */
export const REPEAT_EVERY = 64

export type Order = 'forward' | 'reverse' | 'shuffled'

export interface CheckSettings {
  readonly scenario: Scenario
  readonly protocol: Protocol
  readonly bug?: BugDefinition
  /** Any text without '/'. */
  readonly seed: string
  readonly faults?: readonly FaultClass[]
  /** What the job's metadata are entrusted to; if left out, what the bug or the scenario says. */
  readonly store?: MetadataStoreName
}

/** The scenario that is run: the bug's own variant if it has one. */
export const scenarioOf = (settings: Pick<CheckSettings, 'scenario' | 'bug'>): Scenario =>
  settings.bug?.variant ?? settings.scenario
const NO_MUTATION: Mutation = {}

export class Check {
  readonly settings: CheckSettings
  readonly runner: Runner
  /** @throws InputError if rescales are asked for, and there is no rule for one of this job */
  constructor(settings: CheckSettings) {
    this.settings = settings
    const scenario = scenarioOf(settings)
    const rescales = settings.faults === undefined ? scenario.rescales === true : settings.faults.includes('rescale')
    if (rescales) requireRescalable(scenario.graph(), settings.protocol)
    this.runner = new Runner(scenario, settings.protocol, settings.bug?.mutation ?? NO_MUTATION)
  }
  /** The plan of a run by its index. */
  plan(index: number): Plan {
    const { protocol, bug, seed, faults, store = bug?.store } = this.settings
    const scenario = scenarioOf(this.settings)
    return drawPlan(scenario, scenario.graph(), `${seed}/${index}`, index, {
      protocol: protocol.name,
      ...(bug === undefined ? {} : { bug: bug.id }),
      ...(faults === undefined ? {} : { faults }),
      ...(store === undefined ? {} : { store }),
    })
  }
  run(index: number): { plan: Plan; result: RunResult } {
    const plan = this.plan(index)
    return { plan, result: this.runner.run(plan, { twinned: index % TWIN_EVERY === 0 }) }
  }
  /**
   * Runs indices and repeats a share of them at the end, backwards.
   * @param stop asked before every run; a run that fails ends the batch
   * @param beat called after every run, so that somebody can see that the batch is alive
   */
  batch(
    indices: Iterable<number>,
    stop: () => boolean = () => false,
    beat: (runs: number) => void = () => {},
  ): Aggregate {
    const total = emptyAggregate()
    const again: { index: number; digest: string }[] = []
    for (const index of indices) {
      if (stop()) break
      const { plan, result } = this.run(index)
      addRun(total, index, plan, result)
      beat(total.runs)
      if (index % REPEAT_EVERY === 0 || result.finding !== null) again.push({ index, digest: result.digest })
      if (result.finding !== null) break
    }
    this.runner.phasesSeen(total.phases)
    for (const { index, digest } of again.reverse()) {
      const { plan, result } = this.run(index)
      beat(total.runs)
      if (result.digest === digest) continue
      total.failure = nondeterminism(index, plan, digest, result.digest)
      break
    }
    return total
  }
}

/** The index that is run as the `k`-th of `runs`. */
export function indexInOrder(order: Order, k: number, runs: number): number {
  if (order === 'forward') return k
  if (order === 'reverse') return runs - 1 - k
  return (k * strideFor(runs) + (runs >> 1)) % runs
}
/** A stride that is coprime to the number of runs, so that every index comes once. */
function strideFor(runs: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  let stride = Math.max(1, Math.floor(runs * 0.618))
  while (gcd(stride, runs) !== 1) stride += 1
  return stride
}
