import type { ThreadEvent } from './trace-event.ts'

/** A line that a task's thread writes next, without a look at its inputs or its mail. */
export interface OwedLine {
  readonly event: ThreadEvent['event']
  readonly checkpoint: number
  /** True if there are settings under which Flink does not write it. */
  readonly optional: boolean
  /** What the task does between this line and the next. */
  readonly logged: () => void
  /** What is wrong with a line of this kind and checkpoint; null if nothing is. */
  readonly wrong: (event: ThreadEvent) => string | null
}

const nothing = (): void => {}
const right = (): null => null

export const owedLine = (
  event: OwedLine['event'],
  checkpoint: number,
  { optional = false, logged = nothing, wrong = right }: Partial<OwedLine> = {},
): OwedLine => ({ event, checkpoint, optional, logged, wrong })

export const lineText = ({ event, checkpoint }: Pick<OwedLine, 'event' | 'checkpoint'>): string =>
  `${event} ${checkpoint}`

/** What the thread of one task has begun and not finished: lines in their order. */
export class TaskThread {
  #owed: OwedLine[] = []

  clear(): void {
    this.#owed = []
  }
  /** True if it may look at its inputs and its mail. */
  get free(): boolean {
    return this.#owed.every(({ optional }) => optional)
  }
  /** The lines that may come now. */
  get next(): readonly OwedLine[] {
    const firm = this.#owed.findIndex(({ optional }) => !optional)
    return firm < 0 ? this.#owed : this.#owed.slice(0, firm + 1)
  }
  /** Lines behind all others. */
  append(...lines: readonly OwedLine[]): void {
    this.#owed.push(...lines)
  }
  /** Lines before all others. */
  insert(...lines: readonly OwedLine[]): void {
    this.#owed.unshift(...lines)
  }
  find({ event, checkpoint }: ThreadEvent): OwedLine | undefined {
    return this.next.find((owed) => owed.event === event && owed.checkpoint === checkpoint)
  }
  /** The line has come; optional ones before it do not come any more, but what they stand for has been done. */
  take(line: OwedLine): void {
    for (let first = this.#owed.shift(); first !== undefined; first = this.#owed.shift()) {
      first.logged()
      if (first === line) return
    }
  }
  /** The thread goes on: optional lines that have not come do not come any more. */
  goOn(): void {
    for (let first = this.#owed.shift(); first !== undefined; first = this.#owed.shift()) first.logged()
  }
}
