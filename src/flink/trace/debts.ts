import { NotAllowed } from './not-allowed.ts'

/** Flink: pekko.ask.timeout. Two processes that live hear from one another within it, and a thread gets its turn. */
const PATIENCE_MS = 10_000
/** A process that has gone on for so long has given each of its threads a turn. */
export const A_TURN_MS = 1000

interface Debt {
  readonly what: string
  readonly sinceMs: number
  readonly settled: () => boolean
}

/** Lines that are still to come: each within the patience, or it is missing. */
export class Debts {
  #debts: Debt[] = []

  /**
   * @param what is missing if it does not come, as a sentence
   * @param settled true once it has come, or need not come any more
   */
  owe(what: string, sinceMs: number, settled: () => boolean): void {
    this.#debts.push({ what, sinceMs, settled })
  }
  /** @throws NotAllowed if something should have come before `nowMs` */
  check(nowMs: number): void {
    this.#debts = this.#debts.filter(({ settled }) => !settled())
    const overdue = this.#debts.find(({ sinceMs }) => nowMs - sinceMs > PATIENCE_MS)
    if (overdue !== undefined) throw new NotAllowed(overdue.what)
  }
}
