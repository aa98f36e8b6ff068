/** Counts go to files that are finished when the checkpoint that covers them is complete: each count in one of them, once. */
import {
  CheckpointingMode,
  type Collector,
  fileSink,
  generatedSequence,
  type Invariant,
  type OwnSinkSpec,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  type Scenario,
  scenario,
  type ValueState,
  valueState,
} from '../src/index.ts'
import { grouped, notEach, notOnceEach } from './records.ts'

/** A reading of a sensor with its number, as a line of CSV. */
export type Reading = readonly [sensor: number, number: number]
export const lineOf = ([sensor, number]: Reading): string => `${sensor},${number}`
const sensorOf = (value: number): number => value % 8

class NumberReadings implements ProcessFunction<number, Reading, number> {
  #number!: ValueState<number>

  open(context: RuntimeContext): void {
    this.#number = context.getState(valueState('number', 0))
  }

  processElement(_value: number, context: ProcessContext<number>, out: Collector<Reading>): void {
    const number = this.#number.value()! + 1
    this.#number.update(number)
    out.collect([context.getCurrentKey(), number])
  }
}

const noReadingLost: Invariant = {
  name: 'no reading is lost',
  check({ readings = [] }, inputs) {
    const lines = (readings as readonly string[]).map((line) => line.split(',').map(Number) as [number, number])
    const bySensor = grouped(lines, ([sensor]) => sensor)
    for (const [sensor, values] of grouped(inputs('sensors') as readonly number[], sensorOf)) {
      const numbers = (bySensor.get(sensor) ?? []).map(([, number]) => number)
      const wrong = notEach(numbers, values.length)
      if (wrong !== undefined) return `sensor ${sensor} was read ${values.length} times, but of its lines ${wrong}`
    }
    return undefined
  },
}

const everyReadingInAFile: Invariant = {
  name: 'every reading is in a file once',
  needs: 'exactly-once',
  otherwise: noReadingLost,
  check({ readings = [] }, inputs) {
    const lines = (readings as readonly string[]).map((line) => line.split(',').map(Number) as [number, number])
    const bySensor = grouped(lines, ([sensor]) => sensor)
    for (const [sensor, values] of grouped(inputs('sensors') as readonly number[], sensorOf)) {
      const numbers = (bySensor.get(sensor) ?? []).map(([, number]) => number)
      const wrong = notOnceEach(numbers, values.length)
      if (wrong !== undefined)
        return `sensor ${sensor} was read ${values.length} times, but among the numbers of its lines ${wrong}`
    }
    return undefined
  },
}

/** The scenario with a sink of choice, so that others can be tried in its place. */
export const readingsInto = (sink: OwnSinkSpec<Reading>): Scenario =>
  scenario(
    'file-sink',
    (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
      env
        .fromSource(generatedSequence({ count: 200, splits: 4 }), 'sensors')
        .keyBy(sensorOf, 'int')
        .process(() => new NumberReadings())
        .uid('number')
        .sinkTo(sink)
        .uid('sink')
    },
    {
      title: 'Files that are finished when their checkpoint is complete',
      records: { min: 40, max: 100 },
      invariants: [everyReadingInAFile],
    },
  )

export default readingsInto(fileSink('readings', { encode: lineOf }))
