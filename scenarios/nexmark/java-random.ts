/**
 * java.util.Random, whose numbers the benchmark's events are made of: a linear congruential generator over 48 bits. The state
 * is kept in two halves of 24 bits, so that every product stays below 2^53 and is exact.
 */
export class JavaRandom {
  #high: number
  #low: number

  /** @param seed an integer from 0 to 2^53 - 1 */
  constructor(seed: number) {
    if (!(Number.isSafeInteger(seed) && seed >= 0))
      throw new RangeError(`the seed must be an integer of at least 0, but is ${seed}`)
    this.#high = (Math.floor(seed / HALF) % HALF) ^ MULTIPLIER_HIGH
    this.#low = (seed % HALF) ^ MULTIPLIER_LOW
  }

  /** An integer in [0, bound). @param bound an integer from 1 to 2^31 - 1 */
  nextInt(bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound < TWO_31))
      throw new RangeError(`the bound must be an integer from 1 to 2^31 - 1, but is ${bound}`)
    let bits = this.#next31()
    if ((bound & (bound - 1)) === 0) return Math.floor((bound * bits) / TWO_31)
    // the last, incomplete range of the bound below 2^31 would favour small numbers
    while (bits - (bits % bound) + (bound - 1) >= TWO_31) bits = this.#next31()
    return bits % bound
  }

  /** A number in [0, 1). */
  nextDouble(): number {
    this.#step()
    const first26 = this.#high * 4 + (this.#low >>> 22)
    this.#step()
    const last27 = this.#high * 8 + (this.#low >>> 21)
    return (first26 * TWO_27 + last27) / TWO_53
  }

  #next31(): number {
    this.#step()
    return this.#high * 128 + (this.#low >>> 17)
  }

  /** state * 0x5DEECE66D + 11, modulo 2^48 */
  #step(): void {
    const low = this.#low * MULTIPLIER_LOW + 11
    const high = this.#high * MULTIPLIER_LOW + this.#low * MULTIPLIER_HIGH + Math.floor(low / HALF)
    this.#high = high % HALF
    this.#low = low % HALF
  }
}

const HALF = 16_777_216
const MULTIPLIER_HIGH = 0x5de
const MULTIPLIER_LOW = 0xece66d
const TWO_27 = 134_217_728
const TWO_31 = 2_147_483_648
const TWO_53 = 9_007_199_254_740_992
