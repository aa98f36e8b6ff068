/** The gamma function, as far as Weibull distributions and confidence limits of a rate need it. */
import { OutOfRange, requirePositive } from './out-of-range.ts'

/** Bernoulli numbers over k(k-1), for Stirling's series; from 12 on the next one is below 3e-15. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188]

/** ln Γ(x) for x > 0. Absolute error below 1e-13 up to x = 100 (Stirling's series after shifting x above 12). */
export function logGamma(x: number): number {
  requirePositive('gamma-function', 'x', x)
  let shift = 0
  let y = x
  while (y < 12) {
    shift += Math.log(y)
    y += 1
  }
  let series = 0
  let power = 1 / y
  for (const coefficient of STIRLING) {
    series += coefficient * power
    power /= y * y
  }
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift
}

/** Γ(x) for 0 < x <= 170. */
export function gammaFunction(x: number): number {
  if (x > 170) throw new OutOfRange('gamma-function', `x must be at most 170, got ${x}`)
  return Math.exp(logGamma(x))
}

/**
 * Q(a, x) = Γ(a, x) / Γ(a), the upper tail of a gamma distribution, for a > 0 and x >= 0.
 * Power series left of a + 1, Lentz's continued fraction right of it.
 */
export function upperGammaShare(a: number, x: number): number {
  requirePositive('gamma-function', 'a', a)
  if (!(x >= 0)) throw new OutOfRange('gamma-function', `x must be 0 or more, got ${x}`)
  if (x === 0) return 1
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  if (front === 0) return x > a ? 0 : 1
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let k = 1; k < 10_000 && term > sum * 1e-17; k += 1) {
      term *= x / (a + k)
      sum += term
    }
    return Math.max(0, 1 - sum * front)
  }
  const tiny = 1e-300
  let b = x + 1 - a
  let c = 1 / tiny
  let d = 1 / b
  let h = d
  for (let k = 1; k < 10_000; k += 1) {
    const numerator = -k * (k - a)
    b += 2
    d = numerator * d + b
    d = 1 / (Math.abs(d) < tiny ? tiny : d)
    c = b + numerator / c
    if (Math.abs(c) < tiny) c = tiny
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-16) break
  }
  return front * h
}

/** The x with Q(a, x) = share, for 0 < share < 1, by bisection. Twice this is a quantile of χ² with 2a degrees of freedom. */
export function upperGammaQuantile(a: number, share: number): number {
  if (!(share > 0 && share < 1)) throw new OutOfRange('gamma-function', `share must lie in (0, 1), got ${share}`)
  let low = 0
  let high = a + 1
  while (upperGammaShare(a, high) > share) high *= 2
  for (let step = 0; step < 200 && high - low > 1e-14 * high; step += 1) {
    const middle = (low + high) / 2
    if (upperGammaShare(a, middle) > share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
