import type { SourceEvent } from './trace-event.ts'

interface Owed {
  readonly event: SourceEvent['event']
  readonly checkpoint: number
}

/** What the coordinator of one source has been told and has not done yet. It has a thread of its own, first in, first out. */
export class SourceCoordinator {
  /** Number of the source among the vertices of the job. */
  readonly source: number
  #owed: Owed[] = []

  constructor(source: number) {
    this.source = source
  }
  tell(event: SourceEvent['event'], checkpoint: number): void {
    this.#owed.push({ event, checkpoint })
  }
  /** True if this is what it does next. */
  does({ event, checkpoint }: SourceEvent): boolean {
    const [first] = this.#owed
    return first?.event === event && first.checkpoint === checkpoint
  }
  done(): void {
    this.#owed.shift()
  }
  /** True until it has done this. */
  owes(event: SourceEvent['event'], checkpoint: number): boolean {
    return this.#owed.some((owed) => owed.event === event && owed.checkpoint === checkpoint)
  }
  allowed(): readonly string[] {
    return this.#owed.slice(0, 1).map(({ event, checkpoint }) => `${event} ${checkpoint}`)
  }
}
