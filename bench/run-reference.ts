/** Runs the reference workload in batches and prints runs/s, steps per run and ns per step. */
import keyedState from '../scenarios/keyed-state.ts'
import { Runner } from '../src/check/index.ts'
import { inlineMore } from '../src/cli/inline-more.ts'
import type { Protocol } from '../src/model/index.ts'
import { type Reference, referencePlan } from './reference-plan.ts'

const BATCH = 500
const BATCHES = 40

/** @throws Error if a run has a finding: the system is correct */
export function runReference(bench: string, protocol: Protocol, costs: Omit<Reference, 'protocol'>): void {
  const reference = { protocol: protocol.name, ...costs }
  inlineMore() // as the command line does
  const runner = new Runner(keyedState, protocol)
  let steps = 0
  let checkpoints = 0
  let restores = 0
  let inFlight = 0
  const rates: number[] = []
  for (let b = 0; b < BATCHES; b += 1) {
    const startedAt = performance.now()
    for (let i = 0; i < BATCH; i += 1) {
      const { finding, steps: made, tally } = runner.run(referencePlan(b * BATCH + i, reference))
      if (finding !== null)
        throw new Error(`run ${b * BATCH + i} of the correct system has a finding: ${finding.message}`)
      steps += made
      checkpoints += tally.checkpointsCompleted
      restores += tally.restores
      inFlight += tally.inFlightRecords
    }
    rates.push((BATCH * 1000) / (performance.now() - startedAt))
  }
  rates.sort((a, b) => a - b)
  const runs = BATCH * BATCHES
  const print = (metric: string, value: number, unit: string): void =>
    console.log(JSON.stringify({ bench, metric, value, unit }))
  const median = rates[rates.length >> 1]!
  print('runs', Math.round(median), 'runs/s, median batch')
  print('best', Math.round(rates[rates.length - 1]!), 'runs/s, best batch')
  print('steps', Number((steps / runs).toFixed(1)), 'steps/run')
  print('step', Math.round(1e9 / ((median * steps) / runs)), 'ns/step')
  print('checkpoints', Number((checkpoints / runs).toFixed(2)), 'completed/run')
  if (protocol.overtaking !== undefined)
    print('in flight', Number((inFlight / checkpoints).toFixed(2)), 'records/checkpoint')
  print('restores', Number((restores / runs).toFixed(2)), 'restores/run')
}
