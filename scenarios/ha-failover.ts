/**
 * A small keyed count whose job manager dies, pauses or is cut off at any phase of a checkpoint, with two more that stand by: one
 * of them is elected, reads the newest checkpoint and goes on, while the one before may not know yet that it leads no more.
 */
import {
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type Invariant,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../src/index.ts'
import { grouped, notEach, notOnceEach } from './records.ts'

type Count = readonly [key: number, count: number]

const keyOf = (value: number): number => value % 5

class CountPerKey implements ProcessFunction<number, Count, number> {
  #count!: ValueState<number>

  open(context: RuntimeContext): void {
    this.#count = context.getState(valueState('count', 0))
  }

  processElement(_value: number, context: ProcessContext<number>, out: Collector<Count>): void {
    const count = this.#count.value()! + 1
    this.#count.update(count)
    out.collect([context.getCurrentKey(), count])
  }
}

/** What is wrong with the committed counts of a key, by how often the key came. */
type Judge = (counts: readonly number[], times: number) => string | undefined
const judgedBy =
  (wrongWith: Judge): Invariant['check'] =>
  ({ counts = [] }, inputs) => {
    const committed = grouped(counts as readonly Count[], ([key]) => key)
    for (const [key, { length }] of grouped(inputs('numbers') as readonly number[], keyOf)) {
      const counted = (committed.get(key) ?? []).map(([, count]) => count)
      const wrong = wrongWith(counted, length)
      if (wrong !== undefined) return `key ${key} came ${length} times, but of its committed counts ${wrong}`
    }
    return undefined
  }
const everyInputCounted: Invariant = {
  name: 'every input is counted once',
  needs: 'exactly-once',
  otherwise: { name: 'no input is lost', check: judgedBy(notEach) },
  check: judgedBy(notOnceEach),
}

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
    invariants: [everyInputCounted],
  },
)
