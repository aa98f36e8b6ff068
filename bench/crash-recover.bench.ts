/**
 * The reference workload: 2 sources x 2 keyed operators x 1 transactional sink, 50 records per source, about two checkpoints
 * and 1.5 crashes a run, all online oracles on, one core. Prints runs/s, steps per run and ns per step; the plan's drawing,
 * the oracles and the scenario's invariant are part of a run, as they are in `cutline check`.
 */
import keyedState from '../scenarios/keyed-state.ts'
import { Runner } from '../src/check/index.ts'
import { aligned } from '../src/protocols/index.ts'
import { referencePlan } from './reference-plan.ts'

const BATCH = 500
const BATCHES = 40
const REFERENCE = { protocol: 'aligned', operatorCost: 6, channelCapacity: 8 }

const runner = new Runner(keyedState, aligned)
let steps = 0
let checkpoints = 0
let restores = 0
const rates: number[] = []
for (let b = 0; b < BATCHES; b += 1) {
  const startedAt = performance.now()
  for (let i = 0; i < BATCH; i += 1) {
    const { finding, steps: made, tally } = runner.run(referencePlan(b * BATCH + i, REFERENCE))
    if (finding !== null)
      throw new Error(`run ${b * BATCH + i} of the correct system has a finding: ${finding.message}`)
    steps += made
    checkpoints += tally.checkpointsCompleted
    restores += tally.restores
  }
  rates.push((BATCH * 1000) / (performance.now() - startedAt))
}
rates.sort((a, b) => a - b)
const runs = BATCH * BATCHES
const print = (metric: string, value: number, unit: string): void =>
  console.log(JSON.stringify({ bench: 'crash-recover', metric, value, unit }))
const median = rates[rates.length >> 1]!
print('runs', Math.round(median), 'runs/s, median batch')
print('best', Math.round(rates[rates.length - 1]!), 'runs/s, best batch')
print('steps', Number((steps / runs).toFixed(1)), 'steps/run')
print('step', Math.round(1e9 / ((median * steps) / runs)), 'ns/step')
print('checkpoints', Number((checkpoints / runs).toFixed(2)), 'completed/run')
print('restores', Number((restores / runs).toFixed(2)), 'restores/run')
