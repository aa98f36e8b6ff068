import type { JavaRandom } from './java-random.ts'

/**
 * A random price in cents, from 100 to 100,000,000; its logarithm is uniform. Nexmark takes a floating power of ten, which
 * differs in its last bits from one machine to the next; here it is a series of + and ×, which does not. Both are right to
 * about 1e-15, so that the rounded cents could differ once in tens of millions of prices. Beam: PriceGenerator.
 */
export const nextPrice = (random: JavaRandom): number => Math.round(powerOfTen(random.nextDouble() * 6) * 100)

const POWERS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000] as const
const TERMS = 30

/** 10 to the x. @param x in [0, 6] */
function powerOfTen(x: number): number {
  const nearest = Math.round(x)
  const rest = (x - nearest) * Math.LN10
  let term = 1
  let sum = 0
  for (let k = 1; k < TERMS; k += 1) {
    term *= rest / k
    sum += term
  }
  return POWERS[nearest]! * (1 + sum)
}
