import type { BugDefinition } from '../../src/check/index.ts'
import type { Committer, Sink, SinkContext, SinkWriter, TransactionalLog } from '../../src/dataflow/index.ts'
import { type Order, OrderSink, OrderWriter, ordersInto } from '../own-sink.ts'

/** The first version: batches are appended when they are full, and the last one at the end. What of the barriers in between? */
class ForgetfulWriter implements SinkWriter<Order, string> {
  readonly #correct: OrderWriter

  constructor(log: TransactionalLog, context: SinkContext) {
    this.#correct = new OrderWriter(log, context)
  }

  write(order: Order): void {
    this.#correct.write(order)
  }

  flush(endOfInput: boolean): void {
    if (endOfInput) this.#correct.flush()
  }

  prepareCommit(): readonly string[] {
    return this.#correct.prepareCommit()
  }
}

class ForgetfulSink implements Sink<Order, string> {
  readonly #correct: OrderSink

  constructor(log: TransactionalLog) {
    this.#correct = new OrderSink(log)
  }

  createWriter(context: SinkContext): SinkWriter<Order, string> {
    return new ForgetfulWriter(this.#correct.log, context)
  }

  createCommitter(): Committer<string> {
    return this.#correct.createCommitter()
  }
}

export const ownSinkBroken: BugDefinition = {
  id: 'own-sink-broken',
  title: 'A sink prepares its transaction without the rows that wait in a batch',
  mechanism:
    'The sink flushes at the end of the input, but not before a barrier: rows that wait in memory are in no transaction of the checkpoint, and after a crash the sources go on behind them.',
  scenario: 'own-sink',
  protocol: 'aligned',
  mutation: {},
  variant: ordersInto((log) => new ForgetfulSink(log)),
  oracles: ['output'],
  verdict: 'safety',
}
