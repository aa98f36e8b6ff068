/** Channel deliveries per second and peak memory: 4 sources x 4 keyed operators x 1 transactional sink, 1.6 M records, no faults. */
import { ENGINE, Runner } from '../src/check/index.ts'
import {
  generatedSequence,
  type ProcessFunction,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../src/dataflow/index.ts'
import { aligned } from '../src/protocols/index.ts'

const RECORDS = 1_600_000
const UNIT = 100

class Count implements ProcessFunction<number, number, number> {
  #count!: ValueState<number>
  open(context: RuntimeContext): void {
    this.#count = context.getState(valueState<number>('count'))
  }
  processElement(_value: number, _context: unknown, out: { collect(value: number): void }): void {
    const count = (this.#count.value() ?? 0) + 1
    this.#count.update(count)
    out.collect(count)
  }
}
const large = scenario('large', (env) => {
  env.enableCheckpointing(1000).setParallelism(4)
  env
    .fromSource(generatedSequence({ count: RECORDS, splits: 8 }), 'numbers')
    .keyBy((n) => n % 1000)
    .process(() => new Count())
    .uid('count')
    .sinkTo(transactionalLog('counts'))
    .uid('sink')
    .setParallelism(1)
})

const runner = new Runner(large, aligned)
const startedAt = performance.now()
const { finding, steps, tally, end } = runner.run({
  engine: ENGINE,
  scenario: 'large',
  protocol: 'aligned',
  seed: 'large',
  records: RECORDS,
  parallelism: { numbers: 4, count: 4, sink: 1 },
  taskManagers: 2,
  timing: {
    unitUs: UNIT,
    sourceCostUs: 14 * UNIT,
    operatorCostUs: UNIT,
    channelCapacity: 32,
    checkpointIntervalUs: 60_000_000,
    checkpointTimeoutUs: 600_000_000,
    minPauseUs: 0,
    maxConcurrentCheckpoints: 1,
    tolerableFailedCheckpoints: 3,
    retainedCheckpoints: 1,
    restartDelayUs: 100 * UNIT,
    restartAttempts: 12,
  },
  faults: [],
  overrides: [],
})
if (finding !== null || end !== 'done') throw new Error(`the run did not hold: ${finding?.message ?? end}`)
const seconds = (performance.now() - startedAt) / 1000
const print = (metric: string, value: number, unit: string): void =>
  console.log(JSON.stringify({ bench: 'large', metric, value, unit }))
print('deliveries', Math.round((2 * RECORDS) / seconds), 'channel deliveries/s')
print('steps', Math.round(steps / seconds), 'steps/s')
print('step', Math.round((seconds * 1e9) / steps), 'ns/step')
print('checkpoints', tally.checkpointsCompleted, 'completed')
print('memory', Math.round(process.resourceUsage().maxRSS / 1024), 'MB resident at most')
