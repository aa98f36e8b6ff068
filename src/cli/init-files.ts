/** What `cutline init` writes: a small scenario with a sink of its own, the configuration, and the test. */

/** The name of the scenario. */
export const INIT_SCENARIO = 'orders'

const SCENARIO = `/**
 * Orders go to a log with transactions, each exactly once, whatever crashes. The sink is ordinary code: it knows the log by its
 * interface, and would run against a real one as it is.
 */
import {
  always,
  CheckpointingMode,
  type Committer,
  eventually,
  generatedSequence,
  ownSink,
  PortError,
  type Sink,
  type SinkContext,
  type SinkWriter,
  scenario,
  sometimes,
  type TransactionalLog,
} from 'cutline'

interface Order {
  readonly id: number
  readonly cents: number
}

class OrderWriter implements SinkWriter<Order, string> {
  readonly #log: TransactionalLog
  readonly #owner: string
  readonly #attempt: number
  #transaction: string | undefined

  constructor(log: TransactionalLog, context: SinkContext) {
    this.#log = log
    this.#owner = context.uid + '-' + context.subtask
    this.#attempt = context.attempt
    // what an earlier attempt has left, and no checkpoint knows of: its orders come again
    for (const { transaction, epoch } of log.unfinished(this.#owner)) if (epoch < this.#attempt) log.abort(transaction)
  }

  write(order: Order): void {
    this.#transaction ??= this.#log.begin(this.#owner, this.#attempt)
    this.#log.append(this.#transaction, order)
  }

  /** First phase, at the barrier of a checkpoint. */
  prepareCommit(): readonly string[] {
    if (this.#transaction === undefined) return []
    const transaction = this.#transaction
    this.#transaction = undefined
    this.#log.prepare(transaction)
    // To see Cutline at work, commit too early, here: this.#log.commit(transaction)
    return [transaction]
  }
}

/** Second phase, once the checkpoint is complete; again after a restart. */
class OrderCommitter implements Committer<string> {
  readonly #log: TransactionalLog

  constructor(log: TransactionalLog) {
    this.#log = log
  }

  /** Gives back what is to be tried again. */
  commit(transactions: readonly string[]): readonly string[] {
    return transactions.filter((transaction) => !this.#isCommitted(transaction))
  }

  #isCommitted(transaction: string): boolean {
    try {
      this.#log.commit(transaction)
      return true
    } catch (error) {
      if (error instanceof PortError && error.failure !== 'lost') return false
      throw error // its orders are lost: the job must not go on as if they were not
    }
  }
}

const orderSink = (log: TransactionalLog): Sink<Order, string> => ({
  createWriter: (context) => new OrderWriter(log, context),
  createCommitter: () => new OrderCommitter(log),
})

export default scenario(
  '${INIT_SCENARIO}',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    env
      .fromSource(generatedSequence({ count: 200, splits: 4 }), 'numbers')
      .map((id): Order => ({ id, cents: 100 + ((id * 37) % 900) }))
      .rebalance()
      .sinkTo(ownSink<Order>('orders', (ports) => orderSink(ports.log('orders'))))
      .uid('sink')
  },
  {
    title: 'Orders into a log with transactions, each exactly once',
    records: { min: 40, max: 100 },
    invariants: [
      always(
        'no order is in the log twice',
        ({ committed }) => {
          const orders = committed<Order>('orders')
          return new Set(orders.map(({ id }) => id)).size === orders.length
        },
        { needs: 'exactly-once' }, // --protocol at-least-once may repeat orders
      ),
      eventually('every order is in the log', ({ committed, inputs }) => {
        const ids = new Set(committed<Order>('orders').map(({ id }) => id))
        return ids.size === inputs('numbers').length
      }),
      sometimes('some orders are in the log while others are still to come', ({ moment, committed, inputs }) => {
        return moment === 'commit' && committed('orders').length < inputs('numbers').length
      }),
    ],
  },
)
`

const CONFIG = `import { defineConfig } from 'cutline'

export default defineConfig({
  scenarios: ['./scenarios/*.ts'],
  // failures that cutline check finds; test/orders.test.ts runs them again
  corpus: 'corpus',
  defaults: { runs: 1000 },
})
`

const TEST = `import { corpusTests } from 'cutline/vitest'
import { expect, test } from 'vitest'
import orders from '../scenarios/orders.js'

test('orders survive crashes', async () => {
  await expect(orders).toSurvive({ runs: 200, seed: '1' })
}, 60_000) // takes a second or two, but a machine may be busy

// what was found once must not come back
corpusTests('corpus', [orders])
`

const CORPUS = `# Failures that were found

\`cutline check\` appends the token of each failure to a file here, one a scenario, and the tests run them again: red until the
failure is mended, and red again if it comes back. Keep the files under version control.
`

/** Files by their path from the project's folder, in the order in which they are told. */
export const INIT_FILES: Readonly<Record<string, string>> = {
  'scenarios/orders.ts': SCENARIO,
  'cutline.config.ts': CONFIG,
  'test/orders.test.ts': TEST,
  'corpus/README.md': CORPUS,
}
