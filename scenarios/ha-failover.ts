/**
 * A small keyed count whose job manager dies, pauses or is cut off at any phase of a checkpoint, with two more that stand by: one
 * of them is elected, reads the newest checkpoint and goes on, while the one before may not know yet that it leads no more.
 */
import { CheckpointingMode, generatedSequence, scenario, transactionalLog } from '../src/index.ts'
import { CountPerKey, everyInputCounted } from './keyed-state.ts'

const keyOf = (value: number): number => value % 5

export default scenario(
  'ha-failover',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE)
    env
      .fromSource(generatedSequence({ count: 60, splits: 2 }), 'numbers')
      .keyBy(keyOf, 'int')
      .process(() => new CountPerKey())
      .uid('count')
      .setParallelism(2)
      .sinkTo(transactionalLog('counts'))
      .uid('sink')
  },
  {
    title: 'Job managers that stand by: the one that leads dies, pauses or is cut off at any phase of a checkpoint',
    records: { min: 30, max: 60 },
    highAvailability: { store: 'single', jobManagers: 3 },
    invariants: [everyInputCounted(keyOf)],
  },
)
