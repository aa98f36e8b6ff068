/** Bits behind the point; what is cut off is far below what a double can tell. */
const FRACTION = 128n
/** Larger results are not told apart: 2^128. */
const LIMIT = 1n << (FRACTION + 128n)
const MANTISSA = Number(1n << 52n)
const SCALE = Number(1n << FRACTION)

/**
 * A power, rounded once: the same on every machine, which Math.pow is not.
 * @param base at least 1
 * @param exponent a whole number of at least 0
 * @returns the nearest double, and 2^128 for anything above it
 */
export function power(base: number, exponent: number): number {
  let result = 1n << FRACTION
  let square = base < MANTISSA ? BigInt(base * MANTISSA) << (FRACTION - 52n) : LIMIT
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = limited((result * square) >> FRACTION)
    square = limited((square * square) >> FRACTION)
  }
  return Number(result) / SCALE
}
const limited = (value: bigint): bigint => (value < LIMIT ? value : LIMIT)
