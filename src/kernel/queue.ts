/** A handle is a slot and the low bits of its event's sequence number: it fits into a small integer, which costs no allocation. */
const SLOT_BITS = 14
const SLOT_MASK = (1 << SLOT_BITS) - 1
const STAMP_MASK = (1 << 17) - 1

/**
 * The event queue: a binary heap of (time, tie, sequence) over typed arrays, with the events' operands beside it.
 * Events are plain data, so a queue can be copied, hashed and looked at; nothing is allocated after construction
 * until it has to grow.
 */
export class EventQueue {
  /** Number of events waiting. */
  size = 0
  /** Events ever pushed since the last reset. */
  pushed = 0
  #capacity: number
  #time: Float64Array
  #order: Float64Array
  #slot: Int32Array
  #free: Int32Array
  #freeCount = 0
  /** Operands by slot. A popped slot stays readable until the next push. */
  to: Int32Array
  code: Int32Array
  a: Int32Array
  b: Int32Array
  ref: Int32Array
  generation: Int32Array
  /** The sequence number of the event in a slot; -1 if it was cancelled or taken out. */
  sequence: Int32Array

  constructor(capacity = 1024) {
    this.#capacity = capacity
    this.#time = new Float64Array(capacity)
    this.#order = new Float64Array(capacity)
    this.#slot = new Int32Array(capacity)
    this.#free = new Int32Array(capacity)
    this.to = new Int32Array(capacity)
    this.code = new Int32Array(capacity)
    this.a = new Int32Array(capacity)
    this.b = new Int32Array(capacity)
    this.ref = new Int32Array(capacity)
    this.generation = new Int32Array(capacity)
    this.sequence = new Int32Array(capacity).fill(-1)
    this.#refill(0)
  }
  #refill(from: number): void {
    for (let i = this.#capacity - 1; i >= from; i -= 1) {
      this.#free[this.#freeCount] = i
      this.#freeCount += 1
    }
  }
  reset(): void {
    this.size = 0
    this.pushed = 0
    this.#freeCount = 0
    this.#refill(0)
    this.sequence.fill(-1)
  }
  #grow(): void {
    const old = this.#capacity
    if (old > SLOT_MASK)
      throw new RangeError(`more than ${old} events wait at once: the model sends faster than it receives`)
    const ints = (from: Int32Array): Int32Array => {
      const wider = new Int32Array(old * 2)
      wider.set(from)
      return wider
    }
    const floats = (from: Float64Array): Float64Array => {
      const wider = new Float64Array(old * 2)
      wider.set(from)
      return wider
    }
    this.#capacity = old * 2
    this.#time = floats(this.#time)
    this.#order = floats(this.#order)
    this.#slot = ints(this.#slot)
    this.#free = ints(this.#free)
    this.to = ints(this.to)
    this.code = ints(this.code)
    this.a = ints(this.a)
    this.b = ints(this.b)
    this.ref = ints(this.ref)
    this.generation = ints(this.generation)
    this.sequence = ints(this.sequence).fill(-1, old)
    this.#refill(old)
  }

  /** Time of the next event, in microseconds; Infinity if there is none. */
  nextTime(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#time[0]!
  }

  /**
   * Adds an event.
   * @param time microseconds
   * @param tie in [0, 2^20): order among events of one time; equal ties leave in the order they were pushed
   * @returns a handle for `cancel`
   */
  push(
    time: number,
    tie: number,
    to: number,
    code: number,
    a: number,
    b: number,
    ref: number,
    generation: number,
  ): number {
    if (this.#freeCount === 0) this.#grow()
    this.#freeCount -= 1
    const slot = this.#free[this.#freeCount]!
    const sequence = this.pushed
    this.pushed = sequence + 1
    this.to[slot] = to
    this.code[slot] = code
    this.a[slot] = a
    this.b[slot] = b
    this.ref[slot] = ref
    this.generation[slot] = generation
    this.sequence[slot] = sequence
    const order = tie * 4294967296 + sequence
    const T = this.#time
    const O = this.#order
    const S = this.#slot
    let i = this.size
    this.size = i + 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      const t = T[parent]!
      if (t < time || (t === time && O[parent]! < order)) break
      T[i] = t
      O[i] = O[parent]!
      S[i] = S[parent]!
      i = parent
    }
    T[i] = time
    O[i] = order
    S[i] = slot
    return ((sequence & STAMP_MASK) << SLOT_BITS) | slot
  }

  /** Removes the next event and returns its slot. A cancelled event comes out with `sequence[slot] === -1`. */
  pop(): number {
    const T = this.#time
    const O = this.#order
    const S = this.#slot
    const slot = S[0]!
    const n = this.size - 1
    this.size = n
    if (n > 0) {
      const time = T[n]!
      const order = O[n]!
      const last = S[n]!
      let i = 0
      for (;;) {
        let child = 2 * i + 1
        if (child >= n) break
        if (child + 1 < n && (T[child + 1]! < T[child]! || (T[child + 1] === T[child] && O[child + 1]! < O[child]!)))
          child += 1
        if (time < T[child]! || (time === T[child] && order < O[child]!)) break
        T[i] = T[child]!
        O[i] = O[child]!
        S[i] = S[child]!
        i = child
      }
      T[i] = time
      O[i] = order
      S[i] = last
    }
    this.#free[this.#freeCount] = slot
    this.#freeCount += 1
    return slot
  }

  /** Cancels a pushed event; false if it has already left (a handle is good until 131,072 more events have been pushed). */
  cancel(handle: number): boolean {
    if (handle < 0) return false
    const slot = handle & SLOT_MASK
    const sequence = this.sequence[slot]!
    if (sequence === -1 || (sequence & STAMP_MASK) !== handle >>> SLOT_BITS) return false
    this.sequence[slot] = -1
    return true
  }
}
