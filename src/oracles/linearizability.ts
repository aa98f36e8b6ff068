/**
 * The history of the metadata store as job managers see it could be that of one process that does everything at one moment
 * between request and answer: it is linearizable.
 *
 * Searching for the order of all operations is exponential; this interface needs no search. Epochs and ids are drawn from
 * counters, each checkpoint is a register that is written once and cleared once, and an answer that came before a request was
 * sent orders the two. So each answer is compared with what was certain when its request was sent, and what is certain afterwards
 * is kept: a few steps an operation.
 *
 * ```
 *   counter     ids differ, and one that was drawn after another's answer is higher
 *   epoch       the same, and no write of a lower epoch is stored that was sent after a higher one was known
 *   register    absent ──add sent──▶ may be there ──stored──▶ there ──remove sent──▶ may be there ──removed──▶ absent for ever
 *                                         └──not stored──▶ absent for ever
 *   read        all registers at one moment: who has x and lacks y has not seen a y that was there before x was sent
 * ```
 */
import type { CompletedCheckpoint, MetadataHistory, MetadataRequest } from '../model/index.ts'
import { finding, type Reporter } from './world.ts'

const NEVER = Number.POSITIVE_INFINITY

/** Places in the history at which a register's fate became possible, or certain. */
interface Register {
  addSent: number
  /** Certain: an answer said so, or somebody has seen it. */
  there: number
  removeSent: number
  absent: number
}

export class LinearizabilityOracle implements MetadataHistory {
  readonly #reporter: Reporter
  /** Place of the next event in the history. */
  #place = 0
  readonly #registers = new Map<number, Register>()
  readonly #ids = new Set<number>()
  #highestId = 0
  #highestEpoch = 0
  /** What was certain when a request was sent that has no answer yet: place, highest id, highest epoch. */
  readonly #open = new Map<string, readonly [place: number, id: number, epoch: number]>()
  constructor(reporter: Reporter) {
    this.#reporter = reporter
  }
  reset(): void {
    if (this.#place === 0) return
    this.#place = 0
    this.#registers.clear()
    this.#ids.clear()
    this.#highestId = 0
    this.#highestEpoch = 0
    this.#open.clear()
  }
  #report(kind: string, message: string): void {
    this.#reporter.report(finding('linearizability', kind, message))
  }
  #register(checkpoint: number): Register {
    let register = this.#registers.get(checkpoint)
    if (register === undefined) {
      register = { addSent: NEVER, there: NEVER, removeSent: NEVER, absent: NEVER }
      this.#registers.set(checkpoint, register)
    }
    return register
  }
  asked(incarnation: number, request: MetadataRequest, checkpoint: number): void {
    this.#place += 1
    const key = `${incarnation} ${request} ${checkpoint}`
    // of two that are open, the answer may be the first one's
    if (!this.#open.has(key)) this.#open.set(key, [this.#place, this.#highestId, this.#highestEpoch])
    if (request !== 'add' && request !== 'remove') return
    const register = this.#register(checkpoint)
    if (request === 'add') register.addSent = Math.min(register.addSent, this.#place)
    else register.removeSent = Math.min(register.removeSent, this.#place)
  }
  /** What was certain when the request was sent; null if nothing is known of one: an answer that came twice. */
  #answered(
    incarnation: number,
    request: MetadataRequest,
    checkpoint: number,
  ): readonly [place: number, id: number, epoch: number] | null {
    this.#place += 1
    const key = `${incarnation} ${request} ${checkpoint}`
    const sent = this.#open.get(key) ?? null
    this.#open.delete(key)
    return sent
  }
  leads(incarnation: number): void {
    const sent = this.#answered(incarnation, 'lead', 0)
    if (sent !== null && incarnation <= sent[2])
      this.#report(
        'epoch-falls',
        `Job manager ${incarnation} is told that it leads, although it was known before it asked that ${sent[2]} does.`,
      )
    this.#highestEpoch = Math.max(this.#highestEpoch, incarnation)
  }
  drawn(incarnation: number, id: number): void {
    const sent = this.#answered(incarnation, 'draw-id', 0)
    if (this.#ids.has(id)) this.#report('id-drawn-twice', `Checkpoint id ${id} was drawn twice.`)
    else if (sent !== null && id <= sent[1])
      this.#report('id-falls', `Checkpoint id ${id} was drawn after id ${sent[1]} had been.`)
    this.#ids.add(id)
    this.#highestId = Math.max(this.#highestId, id)
  }
  added(incarnation: number, checkpoint: number, stored: boolean | undefined): void {
    const sent = this.#answered(incarnation, 'add', checkpoint)
    if (stored === undefined) return
    if (stored) {
      if (sent !== null && sent[2] > incarnation)
        this.#report(
          'old-leader-writes',
          `Job manager ${incarnation} is told that checkpoint ${checkpoint} is stored, although it was known before it asked that ${sent[2]} leads.`,
        )
      this.#isThere(checkpoint, sent?.[0] ?? this.#place)
    } else this.#isAbsent(checkpoint, sent?.[0] ?? this.#place)
  }
  removed(incarnation: number, checkpoint: number): void {
    this.#answered(incarnation, 'remove', checkpoint)
    const register = this.#register(checkpoint)
    register.absent = Math.min(register.absent, this.#place)
  }
  looked(incarnation: number, checkpoint: number, there: boolean): void {
    const sent = this.#answered(incarnation, 'look', checkpoint)
    if (there) this.#isThere(checkpoint, sent?.[0] ?? this.#place)
    else this.#isAbsent(checkpoint, sent?.[0] ?? this.#place)
  }
  found(incarnation: number, entries: readonly CompletedCheckpoint[]): void {
    const [asked] = this.#answered(incarnation, 'read', 0) ?? [this.#place]
    let newest = 0
    for (const { id } of entries) {
      this.#isThere(id, asked)
      newest = Math.max(newest, this.#register(id).addSent)
    }
    for (const [id, register] of this.#registers) {
      if (register.absent < NEVER || entries.some((entry) => entry.id === id)) continue
      // seen at one moment: whatever was there before the newest of what is there was sent
      const certain = Math.max(asked, newest)
      if (register.there < certain && register.removeSent === NEVER)
        this.#report(
          'entry-missed',
          `A job manager reads the store and does not find checkpoint ${id}, which was there before.`,
        )
    }
  }
  /** @param asked place at which somebody asked who is told so */
  #isThere(checkpoint: number, asked: number): void {
    const register = this.#register(checkpoint)
    if (register.addSent === NEVER)
      this.#report('entry-out-of-nothing', `Checkpoint ${checkpoint} is in the store, and nobody has written it.`)
    else if (register.absent < asked)
      this.#report(
        'entry-comes-back',
        `Checkpoint ${checkpoint} is in the store, although somebody was told before that it is not.`,
      )
    register.there = Math.min(register.there, this.#place)
  }
  /**
   * Told so to its writer, or to somebody who resolves the outcome of its write: it never will be.
   * @param asked place at which that was asked
   */
  #isAbsent(checkpoint: number, asked: number): void {
    const register = this.#register(checkpoint)
    if (register.there < asked && register.removeSent === NEVER)
      this.#report(
        'entry-missed',
        `Somebody is told that checkpoint ${checkpoint} is not in the store, although it was there before and nobody has removed it.`,
      )
    register.absent = Math.min(register.absent, this.#place)
  }
}
