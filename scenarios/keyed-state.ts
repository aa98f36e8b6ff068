/**
 * The smallest dataflow that has all it takes: declare a state variable, update it, take a checkpoint every second, crash,
 * read it back. It counts numbers by their last digit; it is also the reference workload of the bench.
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

const keyOf = (value: number): number => value % 10

export class CountPerKey implements ProcessFunction<number, Count, number> {
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

/** Every number is counted under its key. */
export function everyInputCounted(keyOf: (value: number) => number): Invariant {
  const noInputLost: Invariant = {
    name: 'no input is lost',
    check({ counts = [] }, inputs) {
      const committed = grouped(counts as readonly Count[], ([key]) => key)
      for (const [key, values] of grouped(inputs('numbers') as readonly number[], keyOf)) {
        const wrong = notEach(
          (committed.get(key) ?? []).map(([, count]) => count),
          values.length,
        )
        if (wrong !== undefined) return `key ${key} came ${values.length} times, but of its committed counts ${wrong}`
      }
      return undefined
    },
  }
  return {
    name: 'every input is counted once',
    needs: 'exactly-once',
    otherwise: noInputLost,
    check({ counts = [] }, inputs) {
      const committed = grouped(counts as readonly Count[], ([key]) => key)
      for (const [key, values] of grouped(inputs('numbers') as readonly number[], keyOf)) {
        const wrong = notOnceEach(
          (committed.get(key) ?? []).map(([, count]) => count),
          values.length,
        )
        if (wrong !== undefined)
          return `key ${key} came ${values.length} times, but among its committed counts ${wrong}`
        committed.delete(key)
      }
      const [key] = committed.keys()
      return key === undefined ? undefined : `key ${key} has committed counts, but never came`
    },
  }
}

export default scenario(
  'keyed-state',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    env
      .fromSource(generatedSequence({ count: 100, splits: 4 }), 'numbers')
      .keyBy(keyOf, 'int')
      .process(() => new CountPerKey())
      .uid('count')
      .sinkTo(transactionalLog('counts'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: 'The smallest: count per key in a state variable, with a checkpoint every second',
    records: { min: 40, max: 100 },
    invariants: [everyInputCounted(keyOf)],
  },
)
