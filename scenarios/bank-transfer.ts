/**
 * Money moves between accounts. A transfer is two legs, a debit and a credit, which meet different subtasks; a crash may
 * come between them, but what is committed in the end must hold both. Accounts may be overdrawn.
 */
import {
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type Invariant,
  type ProcessContext,
  type ProcessFunction,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../src/index.ts'
import { grouped, notOnceEach } from './records.ts'

interface Transfer {
  readonly id: number
  readonly from: string
  readonly to: string
  readonly amount: number
}
/** One side of a transfer: the amount is negative for the account that pays. */
interface Leg {
  readonly transfer: number
  readonly account: string
  readonly amount: number
}
interface Balance {
  readonly balance: number
  /** How many legs the account has had. */
  readonly legs: number
}
type Posted = Leg & Balance

const ACCOUNTS = 8
const INITIAL: Balance = { balance: 1000, legs: 0 }

/** Amount and accounts look random, but follow from the number of the transfer. */
function transferOf(id: number): Transfer {
  const mixed = Math.imul(id + 1, 0x9e3779b1) >>> 0
  const from = mixed % ACCOUNTS
  const to = (from + 1 + ((mixed >>> 8) % (ACCOUNTS - 1))) % ACCOUNTS
  return { id, from: `account-${from}`, to: `account-${to}`, amount: 1 + ((mixed >>> 16) % 100) }
}

const legsOf = ({ id, from, to, amount }: Transfer): readonly Leg[] => [
  { transfer: id, account: from, amount: -amount },
  { transfer: id, account: to, amount },
]

class Accounts implements ProcessFunction<Leg, Posted, string> {
  #balance!: ValueState<Balance>

  open(context: RuntimeContext): void {
    this.#balance = context.getState(valueState('balance', INITIAL))
  }

  processElement({ transfer, account, amount }: Leg, _context: ProcessContext<string>, out: Collector<Posted>): void {
    const before = this.#balance.value()!
    const balance = before.balance + amount
    const legs = before.legs + 1
    this.#balance.update({ balance, legs })
    out.collect({ transfer, account, amount, balance, legs })
  }
}

const noLegLost: Invariant = {
  name: 'no leg of a transfer is lost',
  check({ postings = [] }, inputs) {
    const committed = grouped(postings as readonly Posted[], ({ transfer }) => transfer)
    for (const made of inputs('transfers') as readonly Transfer[]) {
      const legs = (committed.get(made.id) ?? []).map(({ account, amount }) => `${account} ${amount}`)
      const lost = legsOf(made).find(({ account, amount }) => !legs.includes(`${account} ${amount}`))
      if (lost !== undefined) return `of transfer ${made.id}, ${lost.account} ${lost.amount} is not committed`
    }
    return undefined
  },
}

const bothLegs: Invariant = {
  name: 'both legs of every transfer are committed once',
  needs: 'exactly-once',
  otherwise: noLegLost,
  check({ postings = [] }, inputs) {
    const committed = grouped(postings as readonly Posted[], ({ transfer }) => transfer)
    for (const made of inputs('transfers') as readonly Transfer[]) {
      const legs = (committed.get(made.id) ?? []).map(({ account, amount }) => `${account} ${amount}`)
      const expected = legsOf(made).map(({ account, amount }) => `${account} ${amount}`)
      if (legs.length !== 2 || !expected.every((leg) => legs.includes(leg))) {
        return `transfer ${made.id} has the legs ${expected.join(' and ')}, but committed are ${legs.join(' and ') || 'none'}`
      }
      committed.delete(made.id)
    }
    const [id] = committed.keys()
    return id === undefined ? undefined : `transfer ${id} is committed, but was never made`
  },
}

const constantTotal: Invariant = {
  name: 'the total is constant',
  needs: 'exactly-once',
  check({ postings = [] }) {
    let total = 0
    for (const [account, posted] of grouped(postings as readonly Posted[], (posting) => posting.account)) {
      const wrong = notOnceEach(
        posted.map(({ legs }) => legs),
        posted.length,
      )
      if (wrong !== undefined) return `${account} has ${posted.length} postings, but among their numbers ${wrong}`
      total += posted.find(({ legs }) => legs === posted.length)!.balance - INITIAL.balance
    }
    return total === 0 ? undefined : `the accounts hold ${total} ${total > 0 ? 'more' : 'less'} than in the beginning`
  },
}

export default scenario(
  'bank-transfer',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    env
      .fromSource(generatedSequence({ count: 100, value: transferOf, splits: 4 }), 'transfers')
      .flatMap(legsOf)
      .uid('legs')
      .keyBy(({ account }) => account, 'string')
      .process(() => new Accounts())
      .uid('accounts')
      .sinkTo(transactionalLog('postings'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: 'Transfers between accounts, each a debit and a credit: the total is constant',
    records: { min: 20, max: 50, fullEvery: 1000 },
    invariants: [bothLegs, constantTotal],
  },
)
