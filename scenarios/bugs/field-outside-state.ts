import type { BugDefinition } from '../../src/check/index.ts'
import {
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../../src/dataflow/index.ts'

type Numbered = readonly [key: number, count: number, number: number]

class CountPerKey implements ProcessFunction<number, Numbered, number> {
  #count!: ValueState<number>
  /** How many elements of all keys came: a field, which no checkpoint saves. */
  #number = 0

  open(context: RuntimeContext): void {
    this.#count = context.getState(valueState('count', 0))
  }

  processElement(_value: number, context: ProcessContext<number>, out: Collector<Numbered>): void {
    const count = this.#count.value()! + 1
    this.#count.update(count)
    this.#number += 1
    out.collect([context.getCurrentKey(), count, this.#number])
  }
}

export const fieldOutsideState: BugDefinition = {
  id: 'field-outside-state',
  title: 'A user function keeps a number in a field',
  mechanism:
    'The function numbers its elements in a field instead of in state: after a restore the numbers begin at 1 again, and nothing but a twin without a crash can tell.',
  scenario: 'keyed-state',
  protocol: 'aligned',
  mutation: {},
  variant: scenario(
    'keyed-state',
    (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
      env
        .fromSource(generatedSequence({ count: 100, splits: 4 }), 'numbers')
        .keyBy((value) => value % 10, 'int')
        .process(() => new CountPerKey())
        .uid('count')
        .sinkTo(transactionalLog('counts'))
        .uid('sink')
        .setParallelism(1)
    },
    { records: { min: 40, max: 100 } },
  ),
  oracles: ['state'],
  verdict: 'safety',
}
