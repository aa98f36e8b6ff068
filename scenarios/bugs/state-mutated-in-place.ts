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

type Count = readonly [key: number, count: number]

class CountPerKey implements ProcessFunction<number, Count, number> {
  #held!: ValueState<{ count: number }>

  open(context: RuntimeContext): void {
    this.#held = context.getState(valueState<{ count: number }>('count'))
  }

  processElement(_value: number, context: ProcessContext<number>, out: Collector<Count>): void {
    const held = this.#held.value()
    if (held === undefined) this.#held.update({ count: 1 })
    else held.count += 1
    out.collect([context.getCurrentKey(), this.#held.value()!.count])
  }
}

export const stateMutatedInPlace: BugDefinition = {
  id: 'state-mutated-in-place',
  title: 'A user function changes a state value in place',
  mechanism:
    'The object that the state returned is changed without an update: a snapshot that shares it, or a backend that keeps bytes, holds something else. State is frozen here, so the write throws.',
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
  oracles: ['user'],
  verdict: 'usercode',
}
