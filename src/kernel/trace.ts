/** What happened: the last events as a structure of arrays, and a running digest of all of them. */
const LENGTH = 1 << 14

export class Trace {
  /** Events since the reset; the last 16,384 of them are kept. */
  count = 0
  /** True while the operands are kept as well (replays); the digest runs always. */
  keep = false
  readonly time = new Float64Array(LENGTH)
  readonly to = new Int32Array(LENGTH)
  readonly code = new Int32Array(LENGTH)
  readonly a = new Int32Array(LENGTH)
  readonly b = new Int32Array(LENGTH)
  readonly ref = new Int32Array(LENGTH)
  readonly #lanes = new Int32Array(2)

  reset(): void {
    this.count = 0
    this.#lanes[0] = 0
    this.#lanes[1] = 0
  }
  event(time: number, to: number, code: number, a: number, b: number, ref: number): void {
    let x = this.#lanes[0]!
    let y = this.#lanes[1]!
    x = Math.imul(x ^ (time % 4294967296), 0x9e3779b1)
    x = (((x << 13) | (x >>> 19)) + ((to << 8) ^ code)) | 0
    y = Math.imul(y ^ a, 0x85ebca6b)
    y = (((y << 17) | (y >>> 15)) + b) | 0
    x = Math.imul(x, 0xc2b2ae35) ^ y
    y = Math.imul(y ^ (x >>> 15), 0x27d4eb2f)
    this.#lanes[0] = x
    this.#lanes[1] = y
    if (this.keep) {
      const i = this.count & (LENGTH - 1)
      this.time[i] = time
      this.to[i] = to
      this.code[i] = code
      this.a[i] = a
      this.b[i] = b
      this.ref[i] = ref
    }
    this.count += 1
  }
  /** Mixes a content hash (a record, a snapshot, a decision) into the digest. */
  mix(hash: number): void {
    this.#lanes[1] = Math.imul(this.#lanes[1]! ^ hash, 0x9e3779b1) ^ (hash >>> 13)
  }
  /** First and second half of the digest. */
  get high(): number {
    return this.#lanes[0]!
  }
  get low(): number {
    return this.#lanes[1]!
  }
  /** The digest as 16 hexadecimal digits. */
  digest(): string {
    return digestText([this.high, this.low])
  }
  /** The kept events, oldest first. */
  *entries(): Generator<{ time: number; to: number; code: number; a: number; b: number; ref: number }> {
    for (let n = Math.max(0, this.count - LENGTH); n < this.count; n += 1) {
      const i = n & (LENGTH - 1)
      yield {
        time: this.time[i]!,
        to: this.to[i]!,
        code: this.code[i]!,
        a: this.a[i]!,
        b: this.b[i]!,
        ref: this.ref[i]!,
      }
    }
  }
}
/** Two words as 16 hexadecimal digits. */
export const digestText = ([high, low]: readonly [number, number]): string => hex(high) + hex(low)
const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
