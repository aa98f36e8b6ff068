/**
 * Decisions are a pure function of (seed, site, key), not a stream: one more decision anywhere moves no other one, and there
 * is no generator state to copy, hash or undo. A site is the hash of a name in the model; a key says which time, in terms
 * of the model (channel and position, checkpoint and attempt). seedrandom (tychei) turns any text into the key words.
 */
import seedrandom from 'seedrandom'
import { hashText, mix2 } from './hash.ts'

/** The hash of a site's name. */
export type Site = number
const names = new Map<Site, string>()
/** Names a site. @throws if another name has the same hash: rename one of them */
export function site(name: string): Site {
  const hash = hashText(name)
  const known = names.get(hash)
  if (known !== undefined && known !== name)
    throw new Error(`the sites '${known}' and '${name}' have the same hash: rename one`)
  names.set(hash, name)
  return hash
}
export const siteName = (of: Site): string => names.get(of) ?? `site ${of}`

/** A value that a plan sets in place of the PRF's, in readable form. */
export type Override = readonly [site: string, key: number, value: number]

export class Decisions {
  #k0 = 0
  #k1 = 0
  #base = ''
  #base0 = 0
  #base1 = 0
  readonly #bySite = new Map<Site, Map<number, number>>()

  /**
   * Sets the key words from a seed, and the overrides.
   * @param seed any text; in `base/index` the base goes through seedrandom once and the index is mixed in, so that a check of
   * many runs seeds each in constant time
   */
  seed(seed: string, overrides: readonly Override[] = []): void {
    const slash = seed.lastIndexOf('/')
    const base = slash < 0 ? seed : seed.slice(0, slash)
    if (base !== this.#base || this.#base0 === 0) {
      const words = seedrandom.tychei(base)
      this.#base = base
      this.#base0 = words.int32()
      this.#base1 = words.int32()
    }
    this.#k0 = this.#base0
    this.#k1 = this.#base1
    if (slash >= 0) {
      // for a number the mix is one-to-one, so that no two runs of a check are the same
      const text = seed.slice(slash + 1)
      const index = /^\d{1,9}$/.test(text) ? Number(text) : hashText(text)
      this.#k0 = mix2(this.#k0, index)
      this.#k1 = mix2(this.#k1, index ^ 0x5bd1e995)
    }
    this.#bySite.clear()
    for (const [name, key, value] of overrides) {
      const hash = hashText(name)
      let keys = this.#bySite.get(hash)
      if (keys === undefined) {
        keys = new Map()
        this.#bySite.set(hash, keys)
      }
      keys.set(key, value)
    }
  }

  /** 32 bits that belong to (site, key) under this seed. */
  word(at: Site, key: number): number {
    let h = Math.imul(at ^ this.#k0, 0x9e3779b1) ^ key
    h ^= h >>> 16
    h = Math.imul(h ^ this.#k1, 0x7feb352d)
    h ^= h >>> 15
    h = Math.imul(h, 0x846ca68b)
    return h ^ (h >>> 16)
  }

  /** A value in [0, n). @param n in [1, 2^31) */
  decide(at: Site, key: number, n: number): number {
    if (this.#bySite.size > 0) {
      const set = this.#bySite.get(at)?.get(key)
      if (set !== undefined) return set % n
    }
    return (this.word(at, key) >>> 0) % n
  }
}

/** One key of two semantic parts. */
export const key2 = (a: number, b: number): number => mix2(a, b)
