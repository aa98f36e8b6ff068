import { PortError, type UnfinishedTransaction } from '../dataflow/index.ts'

/** A call that no code should make: an error of whoever wrote the sink. */
export class Misuse extends Error {}

interface Transaction {
  readonly name: string
  readonly owner: string
  readonly epoch: number
  readonly rows: unknown[]
  state: 'open' | 'prepared' | 'committed' | 'aborted'
  /** Why it was aborted. */
  end: 'fenced' | 'aborted' | 'timed out' | ''
}

/** A log with transactions, owners and epochs, as the port TransactionalLog describes it. It is trusted, and never fails by itself. */
export class SimulatedLog {
  readonly #transactions = new Map<string, Transaction>()
  /** The highest epoch of each owner, and how many transactions it has begun. */
  readonly #owners = new Map<string, { epoch: number; begun: number }>()
  /** Rows in the order in which they became visible. */
  readonly visible: unknown[] = []

  begin(owner: string, epoch: number): string {
    const known = this.#owners.get(owner) ?? { epoch, begun: 0 }
    if (epoch < known.epoch)
      throw new PortError('fenced', `epoch ${epoch} of '${owner}' has been followed by epoch ${known.epoch}`)
    if (epoch > known.epoch) this.#fence(owner, epoch)
    known.epoch = epoch
    known.begun += 1
    this.#owners.set(owner, known)
    const name = `${owner}:${epoch}:${known.begun}`
    this.#transactions.set(name, { name, owner, epoch, rows: [], state: 'open', end: '' })
    return name
  }
  #fence(owner: string, epoch: number): void {
    for (const transaction of this.#transactions.values())
      if (transaction.owner === owner && transaction.epoch < epoch && transaction.state === 'open') {
        transaction.state = 'aborted'
        transaction.end = 'fenced'
      }
  }
  /** @throws Misuse if the log knows no such transaction: no fault can do that */
  #known(name: string): Transaction {
    const transaction = this.#transactions.get(name)
    if (transaction === undefined) throw new Misuse(`there is no transaction '${name}'`)
    return transaction
  }
  #refuseAborted({ name, state, end }: Transaction): void {
    if (state === 'aborted')
      throw new PortError(end === 'fenced' ? 'fenced' : 'lost', `transaction '${name}' was ${end}`)
  }
  append(name: string, row: unknown): void {
    const transaction = this.#known(name)
    this.#refuseAborted(transaction)
    if (transaction.state !== 'open')
      throw new Misuse(`transaction '${name}' is ${transaction.state}: begin another one to append to`)
    transaction.rows.push(row)
  }
  prepare(name: string): void {
    const transaction = this.#known(name)
    this.#refuseAborted(transaction)
    if (transaction.state === 'open') transaction.state = 'prepared'
  }
  /** @returns whether it has become visible now; false if it was before. @throws PortError 'lost' */
  commit(name: string): boolean {
    const transaction = this.#known(name)
    if (transaction.state === 'aborted') throw new PortError('lost', `transaction '${name}' was ${transaction.end}`)
    if (transaction.state === 'committed') return false
    transaction.state = 'committed'
    for (const row of transaction.rows) this.visible.push(row)
    return true
  }
  timedOut(name: string): boolean {
    return this.#known(name).end === 'timed out'
  }
  /** @returns false if it had ended before */
  abort(name: string): boolean {
    const transaction = this.#known(name)
    if (transaction.state === 'committed' || transaction.state === 'aborted') return false
    transaction.state = 'aborted'
    transaction.end = 'aborted'
    return true
  }
  unfinished(owner: string): readonly UnfinishedTransaction[] {
    const found: UnfinishedTransaction[] = []
    for (const { name, owner: held, epoch, state } of this.#transactions.values())
      if (held === owner && (state === 'open' || state === 'prepared'))
        found.push({ transaction: name, epoch, prepared: state === 'prepared' })
    return found
  }
  /** The transaction timeout strikes. @returns how many it has ended */
  expire(): number {
    let expired = 0
    for (const transaction of this.#transactions.values())
      if (transaction.state === 'open' || transaction.state === 'prepared') {
        transaction.state = 'aborted'
        transaction.end = 'timed out'
        expired += 1
      }
    return expired
  }
}
