/**
 * What an acceptor must not forget: a file of records, each with its checksum, to which it appends. A record whose write was cut
 * off by a crash may be there in part; its checksum tells, and the file ends before it.
 *
 * ```
 *   | kind ballot slot value checksum | kind ballot slot value checksum | kind ballot ~~~~
 * ```
 */
import { mix2 } from '../../kernel/index.ts'

/** A ballot below which nothing will be accepted any more. */
export const PROMISE = 1
/** A value accepted in a slot; promises its ballot as well. */
export const ACCEPTANCE = 2
/** A node has begun a new life without its disk: slot is the node, value counts its lives. Promises its ballot as well. */
export const NEW_LIFE = 3

export interface AcceptorRecord {
  readonly kind: number
  readonly ballot: number
  readonly slot: number
  readonly value: number
}
const WORDS = 5

export class AcceptorDisk {
  #words: number[] = []
  /** True if there is nothing on it although its acceptor has voted before: it was lost. */
  blank = false

  /** A new disk of a node that has never voted. */
  reset(): void {
    this.#words.length = 0
    this.blank = false
  }
  append(record: AcceptorRecord): void {
    this.#words.push(record.kind, record.ballot, record.slot, record.value, checksum(record))
  }
  /** A write that a crash cuts off: the last words are what was there before, which is nothing. */
  appendTorn(record: AcceptorRecord): void {
    this.#words.push(record.kind, record.ballot, record.slot, 0, 0)
  }
  /** The whole file anew, in one rename. */
  replace(records: readonly AcceptorRecord[]): void {
    this.#words = []
    this.blank = false
    for (const record of records) this.append(record)
  }
  lose(): void {
    this.#words = []
    this.blank = true
  }
  /** Takes away what a torn write has left at the end. @param intact whether to believe a record */
  read(intact: (record: AcceptorRecord, checksum: number) => boolean): AcceptorRecord[] {
    const words = this.#words
    const records: AcceptorRecord[] = []
    for (let at = 0; at < words.length; at += WORDS) {
      const record = { kind: words[at]!, ballot: words[at + 1]!, slot: words[at + 2]!, value: words[at + 3]! }
      if (!intact(record, words[at + 4]!)) {
        words.length = at
        break
      }
      records.push(record)
    }
    return records
  }
}

export const checksum = ({ kind, ballot, slot, value }: AcceptorRecord): number =>
  mix2(mix2(kind, ballot) ^ 0x5bd1e995, mix2(slot, value))
