/**
 * Payments are checked against limits that change while the job runs. The limits are broadcast: every subtask keeps all of them
 * in broadcast state, and every payment is judged by the limit of its category that the subtask knows at that moment.
 *
 * ```
 *   payments ─key account──> check ─> transactional log
 *   limits   ─broadcast───────┘
 * ```
 *
 * Which limit a payment meets depends on who was faster. But no payment is lost or judged twice, and each is judged by a
 * limit that its category has had.
 */
import {
  type BroadcastContext,
  type BroadcastProcessFunction,
  CheckpointingMode,
  type Collector,
  generatedSequence,
  type Invariant,
  mapState,
  type ReadOnlyBroadcastContext,
  type RuntimeContext,
  scenario,
  transactionalLog,
  type ValueState,
  valueState,
} from '../src/index.ts'
import { grouped, notEach, notOnceEach } from './records.ts'

interface Payment {
  readonly account: string
  readonly category: string
  readonly cents: number
}
/** From now on, payments of this category may be no higher. */
interface Limit {
  readonly category: string
  readonly cents: number
}
interface Verdict extends Payment {
  /** Number of the payment within its account, from 1. */
  readonly number: number
  /** What it was judged by; undefined if no limit was known yet. */
  readonly limit: number | undefined
  readonly accepted: boolean
}

const ACCOUNTS = 6
const CATEGORIES = ['books', 'food', 'games', 'travel']
/** Payments and limits look random, but follow from their number. */
const mixed = (i: number): number => Math.imul(i + 1, 0x9e3779b1) >>> 0
const categoryOf = (i: number): string => CATEGORIES[(mixed(i) >>> 4) % CATEGORIES.length]!
const paymentOf = (i: number): Payment => ({
  account: `account-${mixed(i) % ACCOUNTS}`,
  category: categoryOf(i),
  cents: 1 + ((mixed(i) >>> 16) % 1000),
})
const limitOf = (i: number): Limit => ({ category: categoryOf(i + 7), cents: 100 * (1 + ((mixed(i) >>> 20) % 9)) })

const LIMITS = mapState<string, number>('limits')

class Check implements BroadcastProcessFunction<Payment, Limit, Verdict, string> {
  #number!: ValueState<number>

  open(context: RuntimeContext): void {
    this.#number = context.getState(valueState('number', 0))
  }
  processElement(payment: Payment, context: ReadOnlyBroadcastContext<string>, out: Collector<Verdict>): void {
    const number = this.#number.value()! + 1
    this.#number.update(number)
    const limit = context.getBroadcastState(LIMITS).get(payment.category)
    out.collect({ ...payment, number, limit, accepted: limit === undefined || payment.cents <= limit })
  }
  processBroadcastElement({ category, cents }: Limit, context: BroadcastContext<string>): void {
    context.getBroadcastState(LIMITS).put(category, cents)
  }
}

const noPaymentLost: Invariant = {
  name: 'no payment is lost',
  check({ verdicts = [] }, inputs) {
    const judged = grouped(verdicts as readonly Verdict[], ({ account }) => account)
    for (const [account, payments] of grouped(inputs('payments') as readonly Payment[], (p) => p.account)) {
      const numbers = (judged.get(account) ?? []).map(({ number }) => number)
      const wrong = notEach(numbers, payments.length)
      if (wrong !== undefined) return `${account} has ${payments.length} payments, but of its verdicts ${wrong}`
    }
    return undefined
  },
}

const everyPaymentJudgedOnce: Invariant = {
  name: 'every payment is judged once',
  needs: 'exactly-once',
  otherwise: noPaymentLost,
  check({ verdicts = [] }, inputs) {
    const judged = grouped(verdicts as readonly Verdict[], ({ account }) => account)
    for (const [account, payments] of grouped(inputs('payments') as readonly Payment[], (p) => p.account)) {
      const numbers = (judged.get(account) ?? []).map(({ number }) => number)
      const wrong = notOnceEach(numbers, payments.length)
      if (wrong !== undefined)
        return `${account} has ${payments.length} payments, but among the numbers of its verdicts ${wrong}`
      judged.delete(account)
    }
    const [account] = judged.keys()
    return account === undefined ? undefined : `${account} has verdicts, but no payment`
  },
}

const everyVerdictByALimit: Invariant = {
  name: 'every verdict is by a limit that there was',
  check({ verdicts = [] }, inputs) {
    const limits = grouped(inputs('limits') as readonly Limit[], ({ category }) => category)
    for (const { account, number, category, cents, limit, accepted } of verdicts as readonly Verdict[]) {
      const name = `payment ${number} of ${account}`
      if (limit !== undefined && !limits.get(category)?.some((known) => known.cents === limit))
        return `${name} was judged by the limit ${limit}, which ${category} never had`
      if (accepted !== (limit === undefined || cents <= limit))
        return `${name} of ${cents} was ${accepted ? 'accepted' : 'refused'} by the limit ${limit}`
    }
    return undefined
  },
}

export default scenario(
  'broadcast-rules',
  (env) => {
    env.enableCheckpointing(1000, CheckpointingMode.EXACTLY_ONCE).setParallelism(2)
    const limits = env.fromSource(generatedSequence({ count: 40, value: limitOf }), 'limits').setParallelism(1)
    env
      .fromSource(generatedSequence({ count: 120, value: paymentOf, splits: 4 }), 'payments')
      .keyBy(({ account }) => account, 'string')
      .connect(limits.asBroadcast())
      .process(() => new Check())
      .uid('check')
      .sinkTo(transactionalLog('verdicts'))
      .uid('sink')
      .setParallelism(1)
  },
  {
    title: 'Limits that change are broadcast to the subtasks that judge payments by them',
    records: { min: 30, max: 90 },
    invariants: [everyPaymentJudgedOnce, everyVerdictByALimit],
  },
)
