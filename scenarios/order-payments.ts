/**
 * Orders and payments, joined in three ways: by time, by hand with a timer that a payment takes out, and against double clicks
 * with state that lives for a while.
 *
 * ```
 *   orders ──┬─key order─> interval join ──────────┐
 *            ├─key order─> deadlines (co-process) ─┼─union─> transactional log
 *   payments ┴──────────────┘                      │
 *   orders ────key buyer─> clicks (state with TTL) ┘
 * ```
 */
import {
  CheckpointingMode,
  type Collector,
  type CoProcessFunction,
  generatedSequence,
  type Invariant,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  scenario,
  stateTtl,
  transactionalLog,
  type ValueState,
  valueState,
  WatermarkStrategy,
  withTtl,
} from '../src/index.ts'
import { missingIn, notTheSame } from './records.ts'

interface Order {
  readonly order: number
  readonly buyer: number
  readonly at: number
}
interface Payment {
  readonly order: number
  readonly at: number
}
type Event =
  | { readonly kind: 'paid in time'; readonly order: number; readonly afterMs: number }
  | { readonly kind: 'cancelled'; readonly order: number; readonly at: number }
  | { readonly kind: 'shipped'; readonly order: number }
  | { readonly kind: 'click'; readonly order: number; readonly again: boolean }

const ORDERS = 100
const BUYERS = 7
const EPOCH_MS = 1_000_000_000_000
/** Orders come this far apart. */
const GAP_MS = 10
/** A payment within this time is in time, and so is one at its end. */
const IN_TIME_MS = 40
const DEADLINE_MS = 60
const CLICK_TTL_MS = 300

const orderOf = (order: number): Order => ({ order, buyer: (order * 5) % BUYERS, at: EPOCH_MS + order * GAP_MS })
/** Every fifth order is never paid; the others after a time that is at most the deadline. */
const paidAfterMs = (order: number): number | undefined => (order % 5 === 4 ? undefined : ((order * 13) % 6) * 10)
const PAYMENTS: readonly Payment[] = Array.from({ length: ORDERS }, (_, order) => order)
  .flatMap((order): Payment[] => {
    const afterMs = paidAfterMs(order)
    return afterMs === undefined ? [] : [{ order, at: orderOf(order).at + afterMs }]
  })
  .sort((a, b) => a.at - b.at || a.order - b.order)

/** An order is cancelled at its deadline, unless a payment has taken the timer out. */
class Deadlines implements CoProcessFunction<Order, Payment, Event, number> {
  #deadline!: ValueState<number>
  #paid!: ValueState<boolean>

  open(context: RuntimeContext): void {
    this.#deadline = context.getState(valueState<number>('deadline'))
    this.#paid = context.getState(valueState<boolean>('paid'))
  }
  processElement1({ order, at }: Order, context: ProcessContext<number>, out: Collector<Event>): void {
    if (this.#paid.value() === true) {
      out.collect({ kind: 'shipped', order })
      return
    }
    this.#deadline.update(at + DEADLINE_MS)
    context.timerService().registerEventTimeTimer(at + DEADLINE_MS)
  }
  processElement2({ order }: Payment, context: ProcessContext<number>, out: Collector<Event>): void {
    this.#paid.update(true)
    const deadline = this.#deadline.value()
    if (deadline === undefined) return
    context.timerService().deleteEventTimeTimer(deadline)
    this.#deadline.clear()
    out.collect({ kind: 'shipped', order })
  }
  onTimer(at: number, context: ProcessContext<number>, out: Collector<Event>): void {
    this.#deadline.clear()
    out.collect({ kind: 'cancelled', order: context.getCurrentKey(), at })
  }
}

/** Tells whether the buyer has ordered a moment ago: by the clock, so it differs from run to run. */
class Clicks implements ProcessFunction<Order, Event, number> {
  #recent!: ValueState<boolean>

  open(context: RuntimeContext): void {
    this.#recent = context.getState(withTtl(valueState('recent', false), stateTtl(CLICK_TTL_MS)))
  }
  processElement({ order }: Order, _context: ProcessContext<number>, out: Collector<Event>): void {
    out.collect({ kind: 'click', order, again: this.#recent.value()! })
    this.#recent.update(true)
  }
}

const described = (event: Event): string =>
  event.kind === 'click'
    ? `click of order ${event.order}`
    : event.kind === 'paid in time'
      ? `order ${event.order} paid in time, after ${event.afterMs} ms`
      : event.kind === 'cancelled'
        ? `order ${event.order} cancelled at ${event.at - EPOCH_MS}`
        : `order ${event.order} shipped`

/** What must come of the inputs, whatever the order in which they came. */
function expected(orders: readonly Order[], payments: readonly Payment[]): Event[] {
  const paidAt = new Map(payments.map(({ order, at }) => [order, at]))
  return orders.flatMap(({ order, at }): Event[] => {
    const paid = paidAt.get(order)
    const events: Event[] = [{ kind: 'click', order, again: false }]
    if (paid === undefined) events.push({ kind: 'cancelled', order, at: at + DEADLINE_MS })
    else {
      events.push({ kind: 'shipped', order })
      if (paid - at <= IN_TIME_MS) events.push({ kind: 'paid in time', order, afterMs: paid - at })
    }
    return events
  })
}

const due = (inputs: (source: string) => readonly unknown[]): readonly string[] =>
  expected(inputs('orders') as readonly Order[], inputs('payments') as readonly Payment[]).map(described)

const noOrderLost: Invariant = {
  name: 'no order is lost',
  check: ({ events = [] }, inputs) => missingIn(due(inputs), (events as readonly Event[]).map(described)),
}

const everyOrderOnce: Invariant = {
  name: 'every order is joined, and shipped or cancelled, once',
  needs: 'exactly-once',
  otherwise: noOrderLost,
  check: ({ events = [] }, inputs) => notTheSame(due(inputs), (events as readonly Event[]).map(described)),
}

export default scenario(
  'order-payments',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const orders = env
      .fromSource(
        generatedSequence({ count: ORDERS, value: orderOf }),
        'orders',
        WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(({ at }) => at),
      )
      .setParallelism(1)
    const payments = env
      .fromSource(
        generatedSequence({ count: PAYMENTS.length, value: (i) => PAYMENTS[i]! }),
        'payments',
        WatermarkStrategy.forMonotonousTimestamps().withTimestampAssigner(({ at }) => at),
      )
      .setParallelism(1)
    const ordersById = orders.keyBy(({ order }) => order, 'int')
    const paymentsById = payments.keyBy(({ order }) => order, 'int')
    const paid = ordersById
      .intervalJoin(paymentsById)
      .between(0, IN_TIME_MS)
      .process<Event>(() => ({
        processElement({ order, at }, payment, _context, out) {
          out.collect({ kind: 'paid in time', order, afterMs: payment.at - at })
        },
      }))
      .uid('join')
    const handled = ordersById
      .connect(paymentsById)
      .process(() => new Deadlines())
      .uid('deadlines')
    const clicks = orders
      .keyBy(({ buyer }) => buyer, 'int')
      .process(() => new Clicks())
      .uid('clicks')
    paid.union(handled, clicks).sinkTo(transactionalLog('events')).uid('sink').setParallelism(1)
  },
  {
    title: 'Orders and payments: interval join, co-process with timers that are deleted, state with a time to live',
    records: { min: 40, max: 100 },
    invariants: [everyOrderOnce],
  },
)
