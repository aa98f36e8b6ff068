import { ALL_RECORDS } from '../../src/check/draw-plan.ts'
import { aligned, drawPlan, type Invariant, Runner, type Scenario } from '../../src/index.ts'

const HOUR_US = 3_600_000_000

type Committed = Readonly<Record<string, readonly unknown[]>>
export interface Ran {
  readonly committed: Committed
  /** What a source had to read, by its uid. */
  readonly inputs: (source: string) => readonly unknown[]
  /** What the scenario's invariants say about this, or about something else that the run might have committed. */
  verdict(committed: Committed): string[]
}

/** What runs a scenario, and what the last run had to read. */
interface Watched {
  readonly runner: Runner
  inputs: Ran['inputs'] | undefined
}
const known = new WeakMap<Scenario, Watched>()

/** Kept from run to run: a cluster is built once. */
function watchedOf(scenario: Scenario): Watched {
  const held = known.get(scenario)
  if (held) return held
  const readsInputs: Invariant = {
    name: 'reads inputs',
    check(_committed, inputs) {
      watched.inputs = inputs
      return undefined
    },
  }
  const instead = { ...scenario, invariants: [readsInputs] }
  const watched: Watched = { runner: new Runner(instead, aligned), inputs: undefined }
  known.set(scenario, watched)
  return watched
}

/**
 * A run of a scenario on the simulated cluster in which nothing fails, with all oracles and twins.
 * @param records that are read in all; Infinity for all there are
 * @throws Error if an oracle finds something, or the job does not end
 */
export function ranWithoutFaults(scenario: Scenario, records: number, seed: number): Ran {
  const watched = watchedOf(scenario)
  const graph = scenario.graph()
  const drawn = drawPlan(scenario, graph, `${seed}/0`, 0, { protocol: aligned.name, faults: [] })
  // what a drawn timeout ends is a fault, too
  const timing = { ...drawn.timing, checkpointTimeoutUs: HOUR_US }
  const plan = { ...drawn, timing, records: records === Infinity ? ALL_RECORDS : records }
  watched.inputs = undefined
  const { finding, end, committed } = watched.runner.run(plan, { twinned: true })
  if (finding !== null) throw new Error(finding.message)
  const { inputs } = watched
  if (inputs === undefined) throw new Error(`the job must be done, but is ${end}`)
  return {
    committed,
    inputs,
    verdict: (of) => scenario.invariants.flatMap((invariant) => invariant.check(of, inputs) ?? []),
  }
}
