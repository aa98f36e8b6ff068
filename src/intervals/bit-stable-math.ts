/**
 * Logarithm and exponential from + − × ÷ alone, which every machine rounds alike: Math.log and Math.exp may differ in the
 * last bit from one engine to the next, and failure times must not. Good to about 1e-15.
 */
const SERIES_TERMS = 24

/** ln x for x in [1/2, 1]: 2·artanh((x − 1)/(x + 1)), whose series falls ninefold a term. */
function lnNearOne(x: number): number {
  const z = (x - 1) / (x + 1)
  const square = z * z
  let power = z
  let sum = 0
  for (let k = 0; k < SERIES_TERMS; k += 1) {
    sum += power / (2 * k + 1)
    power *= square
  }
  return 2 * sum
}

/** ln 2. */
export const LN_2 = -lnNearOne(0.5)

/** The natural logarithm. @param x > 0 and finite */
export function stableLn(x: number): number {
  let rest = x
  let twos = 0
  for (; rest > 1; twos += 1) rest /= 2
  for (; rest < 0.5; twos -= 1) rest *= 2
  return twos * LN_2 + lnNearOne(rest)
}

/** e to the x. @param x in [−700, 700] */
export function stableExp(x: number): number {
  const twos = Math.round(x / LN_2)
  const rest = x - twos * LN_2
  let term = 1
  let sum = 1
  for (let k = 1; k < SERIES_TERMS; k += 1) {
    term *= rest / k
    sum += term
  }
  for (let k = 0; k < twos; k += 1) sum *= 2
  for (let k = 0; k > twos; k -= 1) sum /= 2
  return sum
}
