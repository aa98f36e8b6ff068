/** Where emissions go. */
export interface Emissions {
  push(output: number, item: number): void
}

/** What a task has emitted and not yet sent: (output, element) pairs in order. Grows with the largest burst. */
export class Outbox implements Emissions {
  #items = new Int32Array(128)
  #head = 0
  #tail = 0
  get empty(): boolean {
    return this.#head === this.#tail
  }
  push(output: number, item: number): void {
    if (this.#tail + 2 > this.#items.length) {
      const wider = new Int32Array(this.#items.length * 2)
      wider.set(this.#items)
      this.#items = wider
    }
    this.#items[this.#tail] = output
    this.#items[this.#tail + 1] = item
    this.#tail += 2
  }
  output(): number {
    return this.#items[this.#head]!
  }
  element(): number {
    return this.#items[this.#head + 1]!
  }
  pop(): void {
    this.#head += 2
    if (this.#head === this.#tail) this.clear()
  }
  clear(): void {
    this.#head = 0
    this.#tail = 0
  }
}
