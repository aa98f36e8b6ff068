/**
 * A job that is rescaled while it runs: every kind of state that has to find a new owner, in one small job. Meters send readings,
 * tariffs are broadcast, bills are put together in batches.
 *
 * ```
 *   readings (3) ─key meter──> meter (3) ─rebalance─> batches (2) ─> transactional log (2)
 *   tariffs  (1) ─broadcast─────┘
 * ```
 *
 * `meter` keeps values and timers by key, and the tariffs in broadcast state; `batches` keeps its buffer in operator list state;
 * the readers keep splits, the sinks transactions. At any parallelism every reading is billed once, and every timer fires.
 */
import {
  type BroadcastContext,
  type BroadcastProcessFunction,
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type Invariant,
  type ListState,
  listState,
  mapState,
  type ProcessContext,
  type ProcessFunction,
  type ReadOnlyBroadcastContext,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
  WatermarkStrategy,
} from '../src/index.ts'
import { grouped, notEach, notOnceEach } from './records.ts'

interface Reading {
  readonly meter: number
  /** Event time, ms since 1970. */
  readonly at: number
}
interface Tariff {
  readonly name: string
  readonly cents: number
  /** From when on, ms since 1970. */
  readonly at: number
}
type Bill =
  | { readonly kind: 'reading'; readonly meter: number; readonly number: number; readonly cents: number }
  | { readonly kind: 'reminder'; readonly meter: number; readonly at: number }

const EPOCH_MS = 1_000_000_000_000
const REMINDER_MS = 40
const METERS = 7
const BATCH = 4
const TARIFFS = mapState<string, number>('tariffs')
const reminds = ({ at }: Reading): boolean => ((at - EPOCH_MS) / 10) % 3 === 0

class Meter implements BroadcastProcessFunction<Reading, Tariff, Bill, number> {
  #number!: ValueState<number>

  open(context: RuntimeContext): void {
    this.#number = context.getState(valueState('number', 0))
  }
  processElement(reading: Reading, context: ReadOnlyBroadcastContext<number>, out: Collector<Bill>): void {
    const { meter, at } = reading
    const number = this.#number.value()! + 1
    this.#number.update(number)
    if (reminds(reading)) context.timerService().registerEventTimeTimer(at + REMINDER_MS)
    const cents = context.getBroadcastState(TARIFFS).get(meter % 2 === 0 ? 'day' : 'night') ?? 0
    out.collect({ kind: 'reading', meter, number, cents })
  }
  processBroadcastElement({ name, cents }: Tariff, context: BroadcastContext<number>): void {
    context.getBroadcastState(TARIFFS).put(name, cents)
  }
  onTimer(at: number, context: ReadOnlyBroadcastContext<number>, out: Collector<Bill>): void {
    out.collect({ kind: 'reminder', meter: context.getCurrentKey(), at })
  }
}

/** Batches of four, and the rest at the end. The buffer is list state at checkpoints: a restore deals its bills out. */
class Batches implements ProcessFunction<Bill, readonly Bill[]> {
  #state!: ListState<Bill>
  #buffer: Bill[] = []

  open(context: RuntimeContext): void {
    this.#state = context.getOperatorListState(listState('buffer'))
    this.#buffer = [...this.#state.get()]
  }
  processElement(bill: Bill, _context: ProcessContext, out: Collector<readonly Bill[]>): void {
    this.#buffer.push(bill)
    if (this.#buffer.length >= BATCH) this.endInput(out)
  }
  snapshotState(): void {
    this.#state.update([...this.#buffer])
  }
  endInput(out: Collector<readonly Bill[]>): void {
    if (this.#buffer.length === 0) return
    out.collect(this.#buffer)
    this.#buffer = []
  }
}

const billsIn = (batches: readonly unknown[]): readonly Bill[] => (batches as readonly (readonly Bill[])[]).flat()

const nothingLost: Invariant = {
  name: 'no reading and no reminder is lost',
  check({ bills = [] }, inputs) {
    const all = billsIn(bills)
    const numbers = grouped(
      all.filter((bill) => bill.kind === 'reading'),
      ({ meter }) => meter,
    )
    const reminded = new Set(all.filter((bill) => bill.kind === 'reminder').map(({ at }) => at))
    const readings = inputs('readings') as readonly Reading[]
    for (const [meter, of] of grouped(readings, (reading) => reading.meter)) {
      const wrong = notEach(
        (numbers.get(meter) ?? []).map(({ number }) => number),
        of.length,
      )
      if (wrong !== undefined) return `meter ${meter} has ${of.length} readings, but of its bills ${wrong}`
    }
    const missing = readings.filter(reminds).find(({ at }) => !reminded.has(at + REMINDER_MS))
    return missing && `meter ${missing.meter} was not reminded of its reading at ${missing.at}`
  },
}

const billedOnce: Invariant = {
  name: 'every reading is billed once, and every reminder sent once',
  needs: 'exactly-once',
  otherwise: nothingLost,
  check({ bills = [] }, inputs) {
    const all = billsIn(bills)
    const numbers = grouped(
      all.filter((bill) => bill.kind === 'reading'),
      ({ meter }) => meter,
    )
    const readings = inputs('readings') as readonly Reading[]
    for (const [meter, of] of grouped(readings, (reading) => reading.meter)) {
      const wrong = notOnceEach(
        (numbers.get(meter) ?? []).map(({ number }) => number),
        of.length,
      )
      if (wrong !== undefined) return `meter ${meter} has ${of.length} readings, but among its bills ${wrong}`
    }
    const reminders = all.filter((bill) => bill.kind === 'reminder').map(({ at }) => at)
    const due = new Set(readings.filter(reminds).map(({ at }) => at + REMINDER_MS))
    const twice = reminders.find((at, i) => reminders.indexOf(at) < i)
    if (twice !== undefined) return `the reminder for ${twice} was sent twice`
    const sent = new Set(reminders)
    const missing = [...due].find((at) => !sent.has(at))
    return missing === undefined ? undefined : `the reminder for ${missing} was not sent`
  },
}

export default scenario(
  'rescaled-state',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(3)
    const tariffs = env
      .fromSource(
        generatedSequence({
          count: 12,
          value: (i): Tariff => ({ name: i % 2 === 0 ? 'day' : 'night', cents: 20 + i, at: EPOCH_MS + i * 100 }),
        }),
        'tariffs',
        WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(({ at }) => at),
      )
      .setParallelism(1)
    env
      .fromSource(
        generatedSequence({
          count: 120,
          value: (i): Reading => ({ meter: (i * 5) % METERS, at: EPOCH_MS + i * 10 }),
          splits: 6,
        }),
        'readings',
        WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(({ at }) => at),
      )
      .keyBy(({ meter }) => meter, 'int')
      .connect(tariffs.asBroadcast())
      .process(() => new Meter())
      .uid('meter')
      .rebalance()
      .process(() => new Batches())
      .uid('batches')
      .setParallelism(2)
      .sinkTo(transactionalLog('bills'))
      .uid('sink')
      .setParallelism(2)
  },
  {
    title:
      'Keyed state, timers, lists, broadcast state, splits and transactions find new owners when the job is rescaled',
    records: { min: 40, max: 100 },
    rescales: true,
    invariants: [billedOnce],
  },
)
