/**
 * A sink of one's own: orders go to a log with transactions, in batches, each once.
 *
 * ```
 *   write          orders wait in a batch; a full batch is appended to the transaction
 *   barrier        flush appends what waits, prepareCommit prepares the transaction: it is this checkpoint's committable
 *   complete       the committer commits it
 *   restore        the committer commits what the checkpoint holds, again if need be; the new writer throws away what no
 *                  checkpoint knows
 * ```
 *
 * The classes below would run against a real log as they are: they know the port, not the simulation.
 */
import {
  CheckpointingMode,
  type Committer,
  generatedSequence,
  type Invariant,
  ownSink,
  PortError,
  type Scenario,
  type Sink,
  type SinkContext,
  type SinkWriter,
  scenario,
  type TransactionalLog,
} from '../src/index.ts'
import { notEach, notOnceEach } from './records.ts'

export interface Order {
  readonly id: number
  readonly customer: string
  readonly cents: number
}

/** Orders that are appended in one go. */
const BATCH = 4

export class OrderWriter implements SinkWriter<Order, string> {
  readonly #log: TransactionalLog
  readonly #owner: string
  readonly #epoch: number
  #transaction: string | undefined
  #batch: Order[] = []

  constructor(log: TransactionalLog, { uid, subtask, attempt }: SinkContext) {
    this.#log = log
    this.#owner = `${uid}-${subtask}`
    this.#epoch = attempt
    // what the checkpoint knows of has been committed by now: the rest belongs to records that will come again
    for (const { transaction, epoch } of log.unfinished(this.#owner)) if (epoch < attempt) log.abort(transaction)
  }

  write(order: Order): void {
    this.#batch.push(order)
    if (this.#batch.length === BATCH) this.#append()
  }

  flush(): void {
    this.#append()
  }

  prepareCommit(): readonly string[] {
    if (this.#transaction === undefined) return []
    const prepared = this.#transaction
    this.#log.prepare(prepared)
    this.#transaction = undefined
    return [prepared]
  }

  #append(): void {
    const batch = this.#batch
    this.#batch = []
    for (const order of batch) {
      this.#transaction ??= this.#log.begin(this.#owner, this.#epoch)
      this.#log.append(this.#transaction, order)
    }
  }
}

class OrderCommitter implements Committer<string> {
  readonly #log: TransactionalLog

  constructor(log: TransactionalLog) {
    this.#log = log
  }

  commit(transactions: readonly string[]): readonly string[] {
    return transactions.filter((transaction) => !this.#committed(transaction))
  }

  /** False if it is to be tried again; a transaction that is lost must stop the job, for its orders are lost. */
  #committed(transaction: string): boolean {
    try {
      this.#log.commit(transaction)
      return true
    } catch (error) {
      if (error instanceof PortError && error.failure !== 'lost') return false
      throw error
    }
  }
}

export class OrderSink implements Sink<Order, string> {
  readonly log: TransactionalLog

  constructor(log: TransactionalLog) {
    this.log = log
  }

  createWriter(context: SinkContext): SinkWriter<Order, string> {
    return new OrderWriter(this.log, context)
  }

  createCommitter(): Committer<string> {
    return new OrderCommitter(this.log)
  }
}

const CUSTOMERS = ['ada', 'bob', 'cleo', 'dan', 'eve']
const orderOf = (id: number): Order => ({
  id,
  customer: CUSTOMERS[id % CUSTOMERS.length]!,
  cents: 100 + ((id * 37) % 900),
})

const noOrderLost: Invariant = {
  name: 'no order is lost',
  check({ orders = [] }, inputs) {
    const ids = (orders as readonly Order[]).map(({ id }) => id + 1)
    return notEach(ids, inputs('orders-in').length)
  },
}

const everyOrderOnce: Invariant = {
  name: 'every order is in the log once',
  needs: 'exactly-once',
  otherwise: noOrderLost,
  check({ orders = [] }, inputs) {
    const ids = (orders as readonly Order[]).map(({ id }) => id + 1)
    return notOnceEach(ids, inputs('orders-in').length)
  },
}

/** The scenario with a sink of choice, so that others can be tried in its place. */
export const ordersInto = (sink: (log: TransactionalLog) => Sink<Order>): Scenario =>
  scenario(
    'own-sink',
    (env) => {
      env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
      env
        .fromSource(generatedSequence({ count: 200, splits: 4 }), 'orders-in')
        .map(orderOf)
        .rebalance()
        .sinkTo(ownSink('orders', (ports) => sink(ports.log('orders'))))
        .uid('sink')
    },
    {
      title: 'A sink of your own, with two-phase commit against a port',
      records: { min: 40, max: 100 },
      invariants: [everyOrderOnce],
    },
  )

export default ordersInto((log) => new OrderSink(log))
