import { ALL_RECORDS } from '../../src/check/draw-plan.ts'
import { aligned, Check, Runner, type Scenario } from '../../src/index.ts'

const HOUR_US = 3_600_000_000

type Committed = Readonly<Record<string, readonly unknown[]>>
export interface Ran {
  readonly committed: Committed
  /** What a source had to read, by its uid. */
  readonly inputs: (source: string) => readonly unknown[]
  /** What the scenario's invariants say about this, or about something else that the run might have committed. */
  verdict(committed: Committed): string[]
}

/**
 * A run of a scenario on the simulated cluster in which nothing fails, with all oracles and twins.
 * @param records that are read in all; Infinity for all there are
 * @throws Error if an oracle finds something, or the job does not end
 */
export function ranWithoutFaults(scenario: Scenario, records: number, seed: number): Ran {
  let inputs: Ran['inputs'] | undefined
  const watched: Scenario = {
    ...scenario,
    invariants: [
      {
        name: 'inputs',
        check(_committed, given) {
          inputs = given
          return undefined
        },
      },
    ],
  }
  const check = new Check({ scenario: watched, protocol: aligned, seed: String(seed), faults: [] })
  const drawn = check.plan(0)
  // what a drawn timeout ends is a fault, too
  const timing = { ...drawn.timing, checkpointTimeoutUs: HOUR_US }
  const plan = { ...drawn, timing, records: records === Infinity ? ALL_RECORDS : records }
  const { finding, end, committed } = new Runner(watched, aligned).run(plan, { twinned: true })
  if (finding !== null) throw new Error(finding.message)
  if (inputs === undefined) throw new Error(`the job must be done, but is ${end}`)
  const given = inputs
  return {
    committed,
    inputs: given,
    verdict: (of) => scenario.invariants.flatMap((invariant) => invariant.check(of, given) ?? []),
  }
}
