/**
 * Records on their way: payload slots that channels and events refer to by number. A slot holds the value, its event
 * timestamp, and the tags of the ledger: the branch, channel and position it was sent at, and its content hash.
 */
export class PayloadPool {
  readonly value: unknown[] = []
  /** The value as the ledger saw it when it was sent: a deep-frozen value that is the same object has the same content. */
  readonly sent: unknown[] = []
  /** Key of a record on a keyed edge, as its sender computed it, and its key group. */
  readonly key: unknown[] = []
  keyGroup = new Int32Array(256)
  timestamp = new Float64Array(256)
  branch = new Int32Array(256)
  channel = new Int32Array(256)
  position = new Int32Array(256)
  hash = new Int32Array(256)
  readonly #free: number[] = []
  #used = 0

  reset(): void {
    for (let i = 0; i < this.#used; i += 1) {
      this.value[i] = undefined
      this.sent[i] = undefined
    }
    this.#used = 0
    this.#free.length = 0
  }
  /** Takes a slot. @param timestamp event time in ms, NaN if the record has none */
  put(value: unknown, timestamp: number): number {
    const slot = this.#free.length > 0 ? this.#free.pop()! : this.#used++
    if (slot >= this.timestamp.length) this.#grow()
    this.value[slot] = value
    this.timestamp[slot] = timestamp
    return slot
  }
  free(slot: number): void {
    this.value[slot] = undefined
    this.sent[slot] = undefined
    this.#free.push(slot)
  }
  #grow(): void {
    const length = this.timestamp.length * 2
    const ints = (from: Int32Array) => {
      const wider = new Int32Array(length)
      wider.set(from)
      return wider
    }
    const wider = new Float64Array(length)
    wider.set(this.timestamp)
    this.timestamp = wider
    this.keyGroup = ints(this.keyGroup)
    this.branch = ints(this.branch)
    this.channel = ints(this.channel)
    this.position = ints(this.position)
    this.hash = ints(this.hash)
  }
}
