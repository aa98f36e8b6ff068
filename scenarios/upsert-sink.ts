/**
 * How many parcels each town has, in a key-value store: every record sets a key at once, and a town that has none left is taken out.
 * After a crash keys are set again; what an attempt that was given up still sends must not count.
 */
import {
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type Invariant,
  type OwnSinkSpec,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  type Scenario,
  scenario,
  upsertSink,
  type ValueState,
  valueState,
} from '../src/index.ts'
import { grouped } from './records.ts'

const TOWNS = ['Aachen', 'Bonn', 'Celle', 'Detmold', 'Essen', 'Fulda', 'Goslar']
const townOf = (parcel: number): string => TOWNS[parcel % TOWNS.length]!
/** Four parcels fill a van, and it leaves. */
const VAN = 4

/** Parcels that wait in a town, and how many have come in all. */
export type Waiting = readonly [town: string, waiting: number, came: number]

class CountParcels implements ProcessFunction<number, Waiting, string> {
  #came!: ValueState<number>

  open(context: RuntimeContext): void {
    this.#came = context.getState(valueState('came', 0))
  }

  processElement(_parcel: number, context: ProcessContext<string>, out: Collector<Waiting>): void {
    const came = this.#came.value()! + 1
    this.#came.update(came)
    out.collect([context.getCurrentKey(), came % VAN, came])
  }
}

/** What the store holds of a town; undefined takes it out. */
export const entryOf = ([, waiting, came]: Waiting): { waiting: number; came: number } | undefined =>
  waiting === 0 ? undefined : { waiting, came }

const noTownBehind: Invariant = {
  name: 'no town is behind',
  check({ parcels = [] }, inputs) {
    const held = new Map(parcels as readonly (readonly [string, { waiting: number; came: number }])[])
    for (const [town, { length: came }] of grouped(inputs('arrivals') as readonly number[], townOf)) {
      const entry = held.get(town)
      if (entry !== undefined && entry.came < came)
        return `${came} parcels came to ${town}, and the store says ${JSON.stringify(entry)}`
    }
    return undefined
  },
}

const everyTownUpToDate: Invariant = {
  name: 'every town is up to date',
  needs: 'exactly-once',
  otherwise: noTownBehind,
  check({ parcels = [] }, inputs) {
    const held = new Map(parcels as readonly (readonly [string, { waiting: number; came: number }])[])
    for (const [town, { length: came }] of grouped(inputs('arrivals') as readonly number[], townOf)) {
      const entry = held.get(town)
      if (came % VAN === 0 ? entry !== undefined : entry?.came !== came)
        return `${came} parcels came to ${town}, and the store says ${JSON.stringify(entry)}`
      held.delete(town)
    }
    const [town] = held.keys()
    return town === undefined ? undefined : `the store has ${town}, where no parcel came`
  },
}

/** The scenario with a sink of choice, so that others can be tried in its place. */
export const parcelsInto = (sink: OwnSinkSpec<Waiting>): Scenario =>
  scenario(
    'upsert-sink',
    (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
      env
        .fromSource(generatedSequence({ count: 200, splits: 4 }), 'arrivals')
        .keyBy(townOf)
        .process(() => new CountParcels())
        .uid('count')
        .sinkTo(sink)
        .uid('sink')
    },
    {
      title: 'A key-value store that every record writes to, idempotently',
      records: { min: 40, max: 100 },
      invariants: [everyTownUpToDate],
    },
  )

export default parcelsInto(upsertSink('parcels', { key: ([town]) => town, value: entryOf }))
