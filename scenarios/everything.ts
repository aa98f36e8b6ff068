/**
 * Everything that dataflow offers, in one job, for the sake of finding what breaks: every kind of state, both kinds of
 * timers, a window, chained and unchained stateless steps, every kind of edge, an operator list, and two sinks.
 *
 * ```
 *   [numbers map filter flatMap] ─key─> keeper ─┬─rebalance─> batches ─> transactional log
 *                                               └─forward─> [values] ─key─> window ─> append log
 * ```
 */
import {
  type AggregatingState,
  aggregatingState,
  appendLog,
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type Invariant,
  type ListState,
  listState,
  type MapState,
  mapState,
  type ProcessContext,
  type ProcessFunction,
  type ReducingState,
  type RuntimeContext,
  reducingState,
  scenario,
  TumblingEventTimeWindows,
  transactionalLog,
  type ValueState,
  valueState,
  WatermarkStrategy,
} from '../src/index.ts'
import { grouped, notOnceEach } from './records.ts'

interface Item {
  readonly id: number
  readonly key: number
  /** Event time, ms since 1970. */
  readonly at: number
  readonly value: number
}
type Copy = Item & { readonly copy: number }
/** What the keeper knows of a key when a value has come. */
interface Kept {
  readonly kind: 'value'
  readonly id: number
  readonly copy: number
  readonly key: number
  readonly value: number
  readonly count: number
  readonly sum: number
  readonly mean: number
  readonly lastThree: readonly number[]
  /** How many values of the key left the same rest when divided by 3. */
  readonly sameRest: number
}
/** A timer has fired: an event-time timer at a known time, or the n-th processing-time timer of its key. */
type Fired =
  | { readonly kind: 'event-timer'; readonly key: number; readonly at: number }
  | { readonly kind: 'clock-timer'; readonly key: number; readonly count: number }
interface Windowed {
  readonly key: number
  readonly start: number
  readonly count: number
  readonly sum: number
}

const EPOCH_MS = 1_000_000_000_000
const TIMER_MS = 30
const WINDOW_MS = 100
const BATCH = 5
const KEYS = 5

const withValue = ({ id, key, at }: Omit<Item, 'value'>): Item => ({ id, key, at, value: (id * 7) % 13 })
const isKept = ({ id }: Item): boolean => id % 11 !== 10
const copied = ({ id, key, at, value }: Item, copy: number): Copy => ({ id, key, at, value, copy })
/** Every other item comes twice. */
const copiesOf = (item: Item): readonly Copy[] =>
  item.id % 2 === 0 ? [copied(item, 0)] : [copied(item, 0), copied(item, 1)]
const setsTimer = ({ id, copy }: Copy): boolean => id % 4 === 0 && copy === 0

class Keeper implements ProcessFunction<Copy, Kept | Fired, number> {
  #count!: ValueState<number>
  #clockTimers!: ValueState<number>
  #lastThree!: ListState<number>
  #rests!: MapState<number, number>
  #sum!: ReducingState<number>
  #mean!: AggregatingState<number, number>

  open(context: RuntimeContext): void {
    this.#count = context.getState(valueState('count', 0))
    this.#clockTimers = context.getState(valueState('clock-timers', 0))
    this.#lastThree = context.getListState(listState('last-three'))
    this.#rests = context.getMapState(mapState('rests'))
    this.#sum = context.getReducingState(reducingState<number>('sum', (a, b) => a + b))
    this.#mean = context.getAggregatingState(
      aggregatingState('mean', {
        createAccumulator: () => ({ count: 0, sum: 0 }),
        add: (value: number, { count, sum }) => ({ count: count + 1, sum: sum + value }),
        getResult: ({ count, sum }) => Math.floor(sum / count),
      }),
    )
  }

  processElement(item: Copy, context: ProcessContext<number>, out: Collector<Kept | Fired>): void {
    const { id, copy, key, at, value } = item
    const count = this.#count.value()! + 1
    this.#count.update(count)
    this.#sum.add(value)
    this.#mean.add(value)
    this.#lastThree.update([...this.#lastThree.get(), value].slice(-3))
    const sameRest = (this.#rests.get(value % 3) ?? 0) + 1
    this.#rests.put(value % 3, sameRest)
    const timers = context.timerService()
    if (setsTimer(item)) timers.registerEventTimeTimer(at + TIMER_MS)
    if (id % 8 === 1) timers.registerProcessingTimeTimer(timers.currentProcessingTime() + 5)
    const sum = this.#sum.get()!
    const mean = this.#mean.get()!
    out.collect({ kind: 'value', id, copy, key, value, count, sum, mean, lastThree: this.#lastThree.get(), sameRest })
  }

  onTimer(timestampMs: number, context: ProcessContext<number>, out: Collector<Kept | Fired>): void {
    const key = context.getCurrentKey()
    if (context.timeDomain() === 'event') {
      out.collect({ kind: 'event-timer', key, at: timestampMs })
      return
    }
    const count = this.#clockTimers.value()! + 1
    this.#clockTimers.update(count)
    out.collect({ kind: 'clock-timer', key, count })
  }
}

/** Groups of five, and the rest at the end. The buffer lives in a field and is state at checkpoints, as in Flink's guide. */
class Batches implements ProcessFunction<Kept | Fired, readonly (Kept | Fired)[]> {
  #state!: ListState<Kept | Fired>
  #buffer: (Kept | Fired)[] = []

  open(context: RuntimeContext): void {
    this.#state = context.getOperatorListState(listState('buffer'))
    this.#buffer = [...this.#state.get()]
  }

  processElement(value: Kept | Fired, _context: ProcessContext, out: Collector<readonly (Kept | Fired)[]>): void {
    this.#buffer.push(value)
    if (this.#buffer.length >= BATCH) this.endInput(out)
  }

  snapshotState(): void {
    this.#state.update([...this.#buffer])
  }

  endInput(out: Collector<readonly (Kept | Fired)[]>): void {
    if (this.#buffer.length === 0) return
    out.collect(this.#buffer)
    this.#buffer = []
  }
}

const arriving = (inputs: readonly unknown[]): Copy[] =>
  (inputs as Omit<Item, 'value'>[]).map(withValue).filter(isKept).flatMap(copiesOf)
const sumOf = (items: readonly { readonly value: number }[]): number => items.reduce((sum, { value }) => sum + value, 0)

/** A number for each copy of each item. */
const numberOf = ({ id, copy }: { readonly id: number; readonly copy: number }): number => id * 2 + copy

const noneMissingInBatches: Invariant = {
  name: 'no value and no event-time timer is missing in the batches',
  check({ batches = [] }, inputs) {
    const records = (batches as (readonly (Kept | Fired)[])[]).flat()
    const numbers = new Set(records.filter((record) => record.kind === 'value').map(numberOf))
    const firedAt = new Set(records.filter((record) => record.kind === 'event-timer').map(({ at }) => at))
    const items = arriving(inputs('numbers'))
    const lost = items.find((copy) => !numbers.has(numberOf(copy)))
    if (lost) return `value ${lost.id}/${lost.copy} of key ${lost.key} is in no batch`
    const missing = items.filter(setsTimer).find(({ at }) => !firedAt.has(at + TIMER_MS))
    return missing && `the event-time timer that value ${missing.id} set has not fired`
  },
}

const batchedOnce: Invariant = {
  name: 'every value and every event-time timer is in one batch',
  needs: 'exactly-once',
  otherwise: noneMissingInBatches,
  check({ batches = [] }, inputs) {
    const records = (batches as (readonly (Kept | Fired)[])[]).flat()
    const values = grouped(
      records.filter((record) => record.kind === 'value'),
      ({ key }) => key,
    )
    const items = arriving(inputs('numbers'))
    for (const [key, came] of grouped(items, (item) => item.key)) {
      const kept = values.get(key) ?? []
      const counts = kept.map(({ count }) => count)
      const wrong = notOnceEach(counts, came.length)
      if (wrong !== undefined) return `key ${key} came ${came.length} times, but among its counts ${wrong}`
      const sum = sumOf(came)
      const added = kept[counts.indexOf(came.length)]!.sum
      if (added !== sum) return `the values of key ${key} are ${sum} in all, but ${added} was added up`
      const numbers = new Set(kept.map(numberOf))
      const lost = came.find((copy) => !numbers.has(numberOf(copy)))
      if (lost) return `value ${lost.id}/${lost.copy} of key ${key} is in no batch`
    }
    const fired = records.filter((record) => record.kind === 'event-timer').map(({ at }) => at)
    const firedAt = new Set(fired)
    const set = items.filter(setsTimer)
    const missing = set.find(({ at }) => !firedAt.has(at + TIMER_MS))
    if (missing) return `the event-time timer that value ${missing.id} set has not fired`
    return fired.length === set.length
      ? undefined
      : `${fired.length} event-time timers fired, but ${set.length} were set`
  },
}

/** A number for each window of each key. */
const windowOf = (key: number, timestampMs: number): number =>
  Math.floor((timestampMs - EPOCH_MS) / WINDOW_MS) * KEYS + key

const noneMissingInWindows: Invariant = {
  name: 'no value is missing in its window',
  check({ windows = [] }, inputs) {
    const committed = grouped(windows as readonly Windowed[], ({ key, start }) => windowOf(key, start))
    for (const [window, items] of grouped(arriving(inputs('numbers')), ({ key, at }) => windowOf(key, at))) {
      const most = Math.max(0, ...(committed.get(window) ?? []).map(({ count }) => count))
      if (most < items.length)
        return `a window of key ${items[0]!.key} has ${items.length} values, but at most ${most} were written`
    }
    return undefined
  },
}

const windowsRight: Invariant = {
  name: 'every window holds its values',
  needs: 'exactly-once',
  otherwise: noneMissingInWindows,
  check({ windows = [] }, inputs) {
    const committed = grouped(windows as readonly Windowed[], ({ key, start }) => windowOf(key, start))
    for (const [window, items] of grouped(arriving(inputs('numbers')), ({ key, at }) => windowOf(key, at))) {
      // an append log may hold a window twice after a restart, but always the same
      const written = committed.get(window)
      if (!written) return `a window of key ${items[0]!.key} with ${items.length} values was never written`
      const sum = sumOf(items)
      const wrong = written.find((window) => window.count !== items.length || window.sum !== sum)
      if (wrong) {
        return `the window of key ${wrong.key} from ${wrong.start} has ${items.length} values, ${sum} in all, but ${wrong.count} with ${wrong.sum} were written`
      }
      committed.delete(window)
    }
    const [extra] = committed.values()
    return extra && `the window of key ${extra[0]!.key} from ${extra[0]!.start} was written, but has no values`
  },
}

export default scenario(
  'everything',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const source = generatedSequence({
      count: 120,
      value: (id) => ({ id, key: id % KEYS, at: EPOCH_MS + id * 10 }),
      splits: 6,
    })
    const kept = env
      .fromSource(
        source,
        'numbers',
        WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(({ at }) => at),
      )
      .map(withValue)
      .filter(isKept)
      .flatMap(copiesOf)
      .keyBy(({ key }) => key, 'long')
      .process(() => new Keeper())
      .uid('keeper')
    kept
      .rebalance()
      .process(() => new Batches())
      .uid('batches')
      .sinkTo(transactionalLog('batches'))
      .uid('batches sink')
      .setParallelism(1)
    kept
      .filter((record): record is Kept => record.kind === 'value')
      .uid('values')
      .keyBy(({ key }) => key, 'long')
      .window(TumblingEventTimeWindows.of(WINDOW_MS))
      .aggregate(
        {
          createAccumulator: () => ({ count: 0, sum: 0 }),
          add: ({ value }, { count, sum }) => ({ count: count + 1, sum: sum + value }),
          getResult: (result) => result,
        },
        () => ({
          process(key, context, [result], out: Collector<Windowed>) {
            const { count, sum } = result!
            out.collect({ key, start: context.window().start, count, sum })
          },
        }),
      )
      .uid('window')
      .sinkTo(appendLog('windows'))
      .uid('windows sink')
      .setParallelism(1)
  },
  {
    title: 'Every kind of state, timer, edge and sink in one job',
    records: { min: 30, max: 60, fullEvery: 1000 },
    invariants: [batchedOnce, windowsRight],
  },
)
