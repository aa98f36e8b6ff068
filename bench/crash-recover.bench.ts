/**
 * The reference workload: 2 sources x 2 keyed operators x 1 transactional sink, 50 records per source, about two checkpoints
 * and 1.5 crashes a run, all online oracles on, one core. Prints runs/s, steps per run and ns per step; the plan's drawing,
 * the oracles and the scenario's invariant are part of a run, as they are in `cutline check`.
 */
import { aligned } from '../src/protocols/index.ts'
import { runReference } from './run-reference.ts'

runReference('crash-recover', aligned, { operatorCost: 6, channelCapacity: 8 })
