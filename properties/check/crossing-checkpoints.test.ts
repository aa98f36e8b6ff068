/**
 * Two checkpoints that cross. A failed upload ends checkpoint 1 while its barrier still stands behind an edge that lets none
 * overtake; checkpoint 2 comes past it on other ways. Its barrier, which has overtaken records in one subtask of `first`, must
 * overtake them again behind `between`. If it aligns there, the job stands still: `second` holds back what comes from one side
 * until the barrier of the other side is there, and that one waits for the rest of checkpoint 1, which waits for credit.
 */
import { describe, expect, it } from 'vitest'
import { ENGINE, Runner } from '../../src/check/index.ts'
import {
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
import type { Plan } from '../../src/model/index.ts'
import { alignedTimeout } from '../../src/protocols/index.ts'

class Count implements ProcessFunction<number, number, number> {
  #count!: ValueState<number>
  open(context: RuntimeContext): void {
    this.#count = context.getState(valueState('n', 0))
  }
  processElement(value: number, _context: ProcessContext<number>, out: Collector<number>): void {
    this.#count.update(this.#count.value()! + 1)
    out.collect(value)
  }
}
const pass = (): ProcessFunction<number, number> => ({ processElement: (value, _context, out) => out.collect(value) })

const crossing = scenario(
  'crossing',
  (env) => {
    env.enableCheckpointing(1000).setParallelism(2)
    const others = env.fromSource(generatedSequence({ count: 200, value: (n) => n, splits: 2 }), 'others')
    const numbers = env.fromSource(generatedSequence({ count: 200, value: (n) => n, splits: 2 }), 'numbers')
    const relay = numbers.process(pass).uid('relay')
    relay
      .union(others)
      .keyBy((n) => n, 'int')
      .process(() => new Count())
      .uid('first')
      .process(pass)
      .uid('between')
      .keyBy((n) => n % 7, 'int')
      .process(() => new Count())
      .uid('second')
      .sinkTo(transactionalLog('rows'))
  },
  { records: { min: 10, max: 240 } },
)

interface Small extends Pick<Plan, 'seed' | 'records' | 'taskManagers'> {
  readonly unitUs: number
  /** In units. */
  readonly operatorCost: number
}
const plan = ({ unitUs, operatorCost, ...rest }: Small): Plan => ({
  ...rest,
  engine: ENGINE,
  scenario: 'crossing',
  protocol: alignedTimeout.name,
  parallelism: { others: 2, numbers: 2, relay: 2, first: 2, between: 2, second: 1, rows: 1 },
  timing: {
    unitUs,
    sourceCostUs: 10 * unitUs,
    operatorCostUs: operatorCost * unitUs,
    channelCapacity: 1,
    checkpointIntervalUs: 1_000_000,
    checkpointTimeoutUs: 2500 * unitUs,
    minPauseUs: 0,
    maxConcurrentCheckpoints: 1,
    tolerableFailedCheckpoints: 2,
    retainedCheckpoints: 1,
    restartDelayUs: 100 * unitUs,
    restartAttempts: 12,
  },
  faults: [{ what: 'fail', target: { effect: 'put' }, when: { phase: 'put-begin', nth: 1 } }],
  overrides: [],
})

describe('a barrier that has overtaken records', () => {
  const runner = new Runner(crossing, alignedTimeout)
  const small: readonly Small[] = [
    { seed: 'c/2478', records: 6, taskManagers: 2, unitUs: 4219, operatorCost: 35 },
    { seed: 'c/2027', records: 8, taskManagers: 2, unitUs: 3952, operatorCost: 8 },
    { seed: 'c/5330', records: 10, taskManagers: 1, unitUs: 5050, operatorCost: 35 },
    { seed: 'c/4698', records: 10, taskManagers: 1, unitUs: 6172, operatorCost: 35 },
  ]
  it.each(small)('lets two checkpoints cross: $seed', (of) => {
    const { finding, end, fired } = runner.run(plan(of))
    expect({ finding, end, fired }).toEqual({ finding: null, end: 'done', fired: [true] })
  })
})
