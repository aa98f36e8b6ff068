import { A_TURN_MS } from './debts.ts'

/** What the coordinator tells a task of a checkpoint's end. */
export interface Notice {
  readonly kind: 'complete' | 'abort'
  readonly checkpoint: number
  /** Of a completion the newest checkpoint that it has subsumed, of an abort the newest completed one; 0: none. */
  readonly other: number
  readonly sentMs: number
}

/** The checkpoint that the task hears is complete; 0: none. An abort brings it along, in case its own notice was lost. */
export const confirmedBy = ({ kind, checkpoint, other }: Notice): number => (kind === 'complete' ? checkpoint : other)

/** The notices on their way to one attempt, in the order in which they were sent. */
export class NoticeBox {
  #notices: Notice[] = []

  clear(): void {
    this.#notices = []
  }
  post(notice: Notice): void {
    this.#notices.push(notice)
  }
  /** Those that may be read now: they move past one another only if different threads have sent them at about the same time. */
  get readable(): readonly Notice[] {
    const [first] = this.#notices
    return first === undefined ? [] : this.#notices.filter(({ sentMs }) => sentMs - first.sentMs < A_TURN_MS)
  }
  take(notice: Notice): void {
    this.#notices.splice(this.#notices.indexOf(notice), 1)
  }
}
