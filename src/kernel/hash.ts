/** 32-bit mixing functions: integer arithmetic only, the same on every machine. */

/** Mixes two words into one; neither commutative nor linear. */
export function mix2(a: number, b: number): number {
  let x = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul((b + 0x7f4a7c15) | 0, 0xc2b2ae35)
  x ^= x >>> 15
  x = Math.imul(x, 0x2c1b3c6d)
  x ^= x >>> 12
  x = Math.imul(x, 0x297a2d39)
  return x ^ (x >>> 15)
}

/** FNV-1a over UTF-16 code units, finished by a mix: names of sites, scenarios, states. */
export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix2(h, text.length)
}

/** Of NaN, the bits depend on who computed it: 0/0 has another sign in compiled code than the constant. */
const NAN_HASH = mix2(0, 0x7ff80000)
const float64 = new Float64Array(1)
const words = new Int32Array(float64.buffer)
/** An integer-valued or fractional double as two words, mixed. -0 and 0 differ, all NaNs are one. */
export function hashNumber(value: number): number {
  if (value === (value | 0) && (value !== 0 || 1 / value > 0)) return mix2(0x1b, value)
  if (Number.isNaN(value)) return NAN_HASH
  float64[0] = value
  return mix2(words[0]!, words[1]!)
}
