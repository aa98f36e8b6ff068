/**
 * The external system: named logs that take records in transactions or one by one. It is trusted: what it says it has
 * committed is visible for ever. Clients call it synchronously; a prepared transaction survives its client.
 */
import type { Kernel } from '../kernel/index.ts'
import { type Attempt, E, FAILED, FATE, type FaultSource, type Observer, OK, P, UNKNOWN } from '../model/index.ts'

export type TransactionState = 'open' | 'prepared' | 'committed' | 'aborted'
interface Transaction {
  readonly log: string
  readonly records: unknown[]
  state: TransactionState
  timedOut: boolean
}
/** The transaction is gone: nothing can be committed any more. */
export const LOST = 3

export class TransactionalLog {
  readonly #transactions: Transaction[] = []
  #visible = new Map<string, unknown[]>()
  readonly #kernel: Kernel
  observer!: Observer
  faults!: FaultSource
  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }
  reset(observer: Observer, faults: FaultSource): void {
    this.#transactions.length = 0
    this.#visible = new Map()
    this.observer = observer
    this.faults = faults
  }
  /** Records of each log in the order in which they became visible. */
  visible(): Readonly<Record<string, readonly unknown[]>> {
    return Object.fromEntries(this.#visible)
  }
  #publish(log: string, records: readonly unknown[]): void {
    const held = this.#visible.get(log)
    if (held === undefined) this.#visible.set(log, [...records])
    else for (const record of records) held.push(record)
  }
  begin(log: string, attempt: Attempt): number {
    const id = this.#transactions.length
    this.#transactions.push({ log, records: [], state: 'open', timedOut: false })
    this.observer.transactionOpened(attempt, id)
    return id
  }
  /** Adds a record to an open transaction; false if the write failed. */
  write(id: number, value: unknown, attempt: Attempt): boolean {
    const transaction = this.#transactions[id]!
    this.observer.phase(P['write-sent'])
    const accepted = this.faults.effect(E.write).fate !== FATE.fail && transaction.state === 'open'
    if (accepted) transaction.records.push(value)
    this.observer.written(attempt, id, value, accepted)
    return accepted
  }
  prepare(id: number, attempt: Attempt): void {
    const transaction = this.#transactions[id]!
    this.#kernel.effect('prepare')
    if (transaction.state === 'open') transaction.state = 'prepared'
    this.observer.phase(P['pre-commit'])
    this.observer.prepared(attempt, id)
  }
  /** @returns OK, FAILED (nothing happened, try again), UNKNOWN (ask again) or LOST. Committing twice is harmless. */
  commit(id: number, attempt: Attempt): number {
    const transaction = this.#transactions[id]!
    this.observer.phase(P['commit-begin'])
    const { fate } = this.faults.effect(E.commit)
    if (fate === FATE.fail || fate === FATE.ambiguousLost) return fate === FATE.fail ? FAILED : UNKNOWN
    if (transaction.state === 'aborted') {
      this.observer.commitLost(attempt, id, transaction.timedOut)
      return LOST
    }
    if (transaction.state !== 'committed') {
      this.#kernel.effect('commit')
      transaction.state = 'committed'
      this.#publish(transaction.log, transaction.records)
      this.observer.phase(P['commit-applied'])
      this.observer.committed(attempt, id)
    }
    return fate === FATE.ambiguousApplied ? UNKNOWN : OK
  }
  abort(id: number): void {
    const transaction = this.#transactions[id]!
    if (transaction.state === 'committed' || transaction.state === 'aborted') return
    this.#kernel.effect('abort transaction')
    transaction.state = 'aborted'
  }
  /** The transaction timeout strikes: everything open or prepared is gone. Returns how many. */
  expire(): number {
    let expired = 0
    for (const transaction of this.#transactions)
      if (transaction.state === 'open' || transaction.state === 'prepared') {
        transaction.state = 'aborted'
        transaction.timedOut = true
        expired += 1
      }
    return expired
  }
  /** Appends one record outside any transaction: visible at once. False if the write failed. */
  append(log: string, value: unknown, attempt: Attempt): boolean {
    this.observer.phase(P['write-sent'])
    if (this.faults.effect(E.write).fate === FATE.fail) return false
    this.#kernel.effect('append')
    this.#publish(log, [value])
    this.observer.appended(attempt, value)
    return true
  }
}
