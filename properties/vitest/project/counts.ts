/** Dataflows of a user: one that survives, one that keeps its counts where no checkpoint finds them, one that hangs, one that throws. */
import {
  type CheckpointingMode,
  type Collector,
  generatedSequence,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  type Scenario,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../../../src/index.ts'

export type Count = readonly [key: number, count: number]

class CountInState implements ProcessFunction<number, Count, number> {
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

class CountInField implements ProcessFunction<number, Count, number> {
  readonly #counts = new Map<number, number>()

  processElement(_value: number, context: ProcessContext<number>, out: Collector<Count>): void {
    const key = context.getCurrentKey()
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    out.collect([key, count])
  }
}

class Loops implements ProcessFunction<number, Count, number> {
  processElement(value: number): void {
    for (let i = 0; i >= 0; i = (i + 1) % 2) if (value < 0) return
  }
}

class Throws implements ProcessFunction<number, Count, number> {
  processElement(value: number): void {
    if (value > 3) throw new TypeError(`${value} is too much`)
  }
}

const counting = (
  name: string,
  make: () => ProcessFunction<number, Count, number>,
  count = 60,
  mode: CheckpointingMode = 'EXACTLY_ONCE',
): Scenario =>
  scenario(
    name,
    (env) => {
      env.enableCheckpointing(1000, mode).setParallelism(2)
      env
        .fromSource(generatedSequence({ count, splits: 4 }), 'numbers')
        .keyBy((value) => value % 10, 'int')
        .process(make)
        .uid('count')
        .sinkTo(transactionalLog('counts'))
        .uid('sink')
        .setParallelism(1)
    },
    { records: { min: 20, max: 60 } },
  )

export const counts = counting('counts', () => new CountInState())
export const countsOf = (count: number): Scenario => counting('counts', () => new CountInState(), count)
export const countsAtLeastOnce = counting('counts', () => new CountInState(), 60, 'AT_LEAST_ONCE')
export const inField = counting('counts-in-field', () => new CountInField())
export const loops = counting('loops', () => new Loops())
export const throws = counting('throws', () => new Throws())
