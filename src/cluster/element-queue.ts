/** Elements of one channel in order, outside the channel: emitted and not yet sent, or recovered and not yet read. Grows. */
export class ElementQueue {
  #items = new Int32Array(32)
  #head = 0
  #tail = 0
  /** Elements at the front that have overtaken the others. */
  #ahead = 0

  get length(): number {
    return this.#tail - this.#head
  }
  push(item: number): void {
    this.#makeRoom()
    this.#items[this.#tail] = item
    this.#tail += 1
  }
  /** Puts an element before all others, behind those that were put there before. */
  pushAhead(item: number): void {
    this.#makeRoom()
    const at = this.#head + this.#ahead
    this.#items.copyWithin(at + 1, at, this.#tail)
    this.#items[at] = item
    this.#tail += 1
    this.#ahead += 1
  }
  /** The element at a place counted from the head; 0 is the next to leave. */
  at(place: number): number {
    return this.#items[this.#head + place]!
  }
  /** Place of an element; -1 if it is not here. */
  indexOf(item: number): number {
    for (let at = this.#head; at < this.#tail; at += 1) if (this.#items[at] === item) return at - this.#head
    return -1
  }
  shift(): number {
    const item = this.#items[this.#head]!
    this.#head += 1
    if (this.#ahead > 0) this.#ahead -= 1
    if (this.#head === this.#tail) this.clear()
    return item
  }
  /** Takes the element at a place out. */
  remove(place: number): void {
    const at = this.#head + place
    this.#items.copyWithin(at, at + 1, this.#tail)
    this.#tail -= 1
    if (place < this.#ahead) this.#ahead -= 1
  }
  clear(): void {
    this.#head = 0
    this.#tail = 0
    this.#ahead = 0
  }
  #makeRoom(): void {
    if (this.#tail < this.#items.length) return
    if (this.#head > 0) {
      this.#items.copyWithin(0, this.#head, this.#tail)
      this.#tail -= this.#head
      this.#head = 0
      return
    }
    const wider = new Int32Array(this.#items.length * 2)
    wider.set(this.#items)
    this.#items = wider
  }
}
