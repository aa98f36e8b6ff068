/**
 * Lambert's W: the w with w·e^w = z, on the principal branch (w >= -1).
 *
 * The interval formulas need it just right of its branch point, as 1 + W0(-e^(-1-x)) with x = cost / MTBF, often 1e-6
 * and less. Computed as written, e^(-1-x) rounds x away and the sum cancels; `lambertRise` solves for the sum itself
 * and keeps full relative precision for every x.
 */
import { OutOfRange } from './out-of-range.ts'

const E = Math.E
/** What the double nearest to e leaves out. */
const E_REST = 1.4456468917292502e-16

/** -ln(1 - v) - v for v in [0, 1), by its series where the two terms would cancel. */
function gap(v: number): number {
  if (v > 0.2) return -Math.log1p(-v) - v
  let power = v
  let sum = 0
  for (let k = 2; k < 40; k += 1) {
    power *= v
    const next = sum + power / k
    if (next === sum) break
    sum = next
  }
  return sum
}

/**
 * 1 + W0(-e^(-1-x)) for x >= 0, in [0, 1]: the v that solves -ln(1 - v) - v = x. About √(2x) for small x.
 * Relative error below 1e-14 over the whole range.
 */
export function lambertRise(x: number): number {
  if (!(x >= 0)) throw new OutOfRange('lambert-w', `x must be 0 or more, got ${x}`)
  if (x === 0) return 0
  if (x > 40) return 1
  const p = Math.sqrt(2 * x)
  const z = -Math.exp(-1 - x)
  let v = p < 1.2 ? p - (p * p) / 3 + (p * p * p) / 36 : 1 + z - z * z
  for (let step = 0; step < 20; step += 1) {
    const next = v - ((gap(v) - x) * (1 - v)) / v
    const done = Math.abs(next - v) <= 1e-16 * v
    v = Math.min(next, 1 - Number.EPSILON / 2)
    if (done) break
  }
  return v
}

/** W0(z) for z >= -1/e. Relative error below 1e-14, except next to -1/e, where z itself decides only half the digits. */
export function lambertW0(z: number): number {
  const aboveBranch = E * z + 1 + E_REST * z
  if (!(aboveBranch >= -4e-16) || z === Number.POSITIVE_INFINITY)
    throw new OutOfRange('lambert-w', `z must be finite and at least -1/e = -0.3678794411714423, got ${z}`)
  if (z === 0) return 0
  if (z < -0.25) return lambertRise(Math.max(0, -Math.log1p(-Math.max(0, aboveBranch)))) - 1
  const log = Math.log1p(z)
  let w = log * (1 - Math.log1p(log) / (2 + log))
  for (let step = 0; step < 20; step += 1) {
    const power = Math.exp(w)
    const miss = w * power - z
    const change = miss / (power * (w + 1) - ((w + 2) * miss) / (2 * w + 2))
    w -= change
    if (Math.abs(change) <= 1e-15 * Math.abs(w)) break
  }
  return w
}
