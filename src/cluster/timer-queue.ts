/** Timers of one domain, in the order they fire: by timestamp, then key, then namespace. */
import { type Key, type TimerEntry, timerHash } from '../model/index.ts'

/** A total order of keys that does not depend on when they came: by type, then value; NaN comes last. */
export function keyOrder(a: Key, b: Key): number {
  if (typeof a !== typeof b) return typeof a < typeof b ? -1 : 1
  return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

function comesBefore(timer: TimerEntry, timestampMs: number, key: Key, namespace: string): boolean {
  if (timer.timestampMs !== timestampMs) return timer.timestampMs < timestampMs
  const byKey = keyOrder(timer.key, key)
  return byKey < 0 || (byKey === 0 && timer.namespace < namespace)
}

export class TimerQueue {
  readonly domain: 'event' | 'processing'
  /** Commutative digest of all timers. */
  digest = 0
  readonly #timers: TimerEntry[] = []
  constructor(domain: 'event' | 'processing') {
    this.domain = domain
  }
  get size(): number {
    return this.#timers.length
  }
  entries(): readonly TimerEntry[] {
    return this.#timers
  }
  /** Timestamp of the next timer, ms; Infinity if there is none. */
  next(): number {
    return this.#timers.length === 0 ? Number.POSITIVE_INFINITY : this.#timers[0]!.timestampMs
  }
  /** First place whose timer does not come before (timestamp, key, namespace). */
  #place(timestampMs: number, key: Key, namespace: string): number {
    let low = 0
    let high = this.#timers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (comesBefore(this.#timers[middle]!, timestampMs, key, namespace)) low = middle + 1
      else high = middle
    }
    return low
  }
  #at(place: number, timestampMs: number, key: Key, namespace: string): boolean {
    const timer = this.#timers[place]
    return (
      timer !== undefined &&
      timer.timestampMs === timestampMs &&
      Object.is(timer.key, key) &&
      timer.namespace === namespace
    )
  }
  /** Registers a timer; false if it was there. */
  register(timestampMs: number, key: Key, keyGroup: number, namespace = ''): boolean {
    const place = this.#place(timestampMs, key, namespace)
    if (this.#at(place, timestampMs, key, namespace)) return false
    const hash = timerHash(this.domain, key, timestampMs, namespace)
    this.#insert({ domain: this.domain, key, keyGroup, timestampMs, namespace, hash }, place)
    return true
  }
  restore(timer: TimerEntry): void {
    this.#insert(timer, this.#place(timer.timestampMs, timer.key, timer.namespace))
  }
  #insert(timer: TimerEntry, place: number): void {
    this.#timers.splice(place, 0, timer)
    this.digest = (this.digest + timer.hash) | 0
  }
  delete(timestampMs: number, key: Key, namespace = ''): void {
    const place = this.#place(timestampMs, key, namespace)
    if (!this.#at(place, timestampMs, key, namespace)) return
    this.digest = (this.digest - this.#timers[place]!.hash) | 0
    this.#timers.splice(place, 1)
  }
  /** Takes the next timer if it is due. */
  pop(upToMs: number): TimerEntry | null {
    const timer = this.#timers[0]
    if (timer === undefined || timer.timestampMs > upToMs) return null
    this.#timers.shift()
    this.digest = (this.digest - timer.hash) | 0
    return timer
  }
}
