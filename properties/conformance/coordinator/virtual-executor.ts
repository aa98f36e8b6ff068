/**
 * Flink's executors and timers as the vectors of the coordinator were recorded with them: one thread, virtual time. Work that
 * is handed over goes first in, first out; a timer waits until there is none, and timers of one time go in the order in which
 * they were set.
 */
export class VirtualExecutor {
  now = 0
  readonly #work: (() => void)[] = []
  #timers: Timer[] = []
  #set = 0

  /** @param hops how often the work is handed over before it is done; at least 1 */
  execute(hops: number, work: () => void): void {
    this.#work.push(hops === 1 ? work : () => this.execute(hops - 1, work))
  }
  /** Work that follows the one that is being done at once. */
  next(work: () => void): void {
    this.#work.unshift(work)
  }
  /** @returns a handle for `cancel` */
  schedule(delay: number, work: () => void): number {
    this.#set += 1
    this.#timers.push({ due: this.now + delay, set: this.#set, work })
    return this.#set
  }
  cancel(handle: number): boolean {
    const before = this.#timers.length
    this.#timers = this.#timers.filter(({ set }) => set !== handle)
    return this.#timers.length < before
  }
  /** Does everything that is to be done now. */
  settle(): void {
    this.advance(0)
  }
  /** Time goes on by `by`, from one due timer to the next. */
  advance(by: number): void {
    const end = this.now + by
    this.#drain()
    for (let timer = this.#due(end); timer !== undefined; timer = this.#due(end)) {
      this.now = timer.due
      this.cancel(timer.set)
      timer.work()
      this.#drain()
    }
    this.now = end
  }
  #drain(): void {
    for (let work = this.#work.shift(); work !== undefined; work = this.#work.shift()) work()
  }
  #due(until: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.due > until) continue
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.set < first.set))
        first = timer
    }
    return first
  }
}
interface Timer {
  readonly due: number
  readonly set: number
  readonly work: () => void
}
