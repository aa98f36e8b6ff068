/**
 * A job one part of which is over long before the rest: the sum over a short source, told at its end, and a long source.
 *
 * ```
 *   short ─> sum ─┬─> transactional log
 *   long ─────────┘
 * ```
 */

import { notTheSame } from '../../scenarios/records.ts'
import {
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type Invariant,
  type ListState,
  listState,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  scenario,
  transactionalLog,
} from '../../src/index.ts'

/** As bounded operators often do, it does not mind that its state is still there after it has told it. */
class Sum implements ProcessFunction<number, string> {
  #state!: ListState<number>
  #sum = 0
  open(context: RuntimeContext): void {
    this.#state = context.getOperatorListState(listState('sum'))
    this.#sum = this.#state.get()[0] ?? 0
  }
  processElement(value: number, _context: ProcessContext, _out: Collector<string>): void {
    this.#sum += value
  }
  snapshotState(): void {
    this.#state.update([this.#sum])
  }
  endInput(out: Collector<string>): void {
    out.collect(`sum ${this.#sum}`)
  }
}

const toldOnce: Invariant = {
  name: 'the sum and each number are told once',
  needs: 'exactly-once',
  check({ told = [] }, inputs) {
    const sum = (inputs('short') as readonly number[]).reduce((a, b) => a + b, 0)
    const numbers = (inputs('long') as readonly number[]).map((n) => `number ${n}`)
    return notTheSame([`sum ${sum}`, ...numbers], told as readonly string[])
  },
}

export const shortAndLong = scenario(
  'short-and-long',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(1)
    const sum = env
      .fromSource(generatedSequence({ count: 8, splits: 2 }), 'short')
      .process(() => new Sum())
      .uid('sum')
    const numbers = env.fromSource(generatedSequence({ count: 120, splits: 4 }), 'long').map((n) => `number ${n}`)
    sum.union(numbers).sinkTo(transactionalLog('told')).uid('sink')
  },
  { title: 'A sum over a short source beside a long one', records: { min: 100, max: 120 }, invariants: [toldOnce] },
)
