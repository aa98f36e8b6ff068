import { OutOfRange } from './out-of-range.ts'

const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * The x in [low, high] with the least f(x), for positive limits: a logarithmic grid to find the valley, then golden
 * section. Values of f may be Infinity.
 *
 * @param gridPoints how fine the first look is
 */
export function minimise(f: (x: number) => number, low: number, high: number, gridPoints = 64): number {
  if (!(low > 0 && high >= low && Number.isFinite(high)))
    throw new OutOfRange('minimise', `limits must be finite, positive and in order, got [${low}, ${high}]`)
  const grid = logarithmicGrid(low, high, gridPoints)
  let best = 0
  let bestValue = Number.POSITIVE_INFINITY
  grid.forEach((x, index) => {
    const value = f(x)
    if (value < bestValue) {
      best = index
      bestValue = value
    }
  })
  let a = grid[Math.max(0, best - 1)]!
  let b = grid[Math.min(grid.length - 1, best + 1)]!
  let c = b - GOLDEN * (b - a)
  let d = a + GOLDEN * (b - a)
  let atC = f(c)
  let atD = f(d)
  while (b - a > 1e-9 * b) {
    if (atC <= atD) {
      b = d
      d = c
      atD = atC
      c = b - GOLDEN * (b - a)
      atC = f(c)
    } else {
      a = c
      c = d
      atC = atD
      d = a + GOLDEN * (b - a)
      atD = f(d)
    }
  }
  const found = (a + b) / 2
  return f(found) <= bestValue ? found : grid[best]!
}

/** `count` points from low to high, evenly spaced in the logarithm, both ends included. */
export function logarithmicGrid(low: number, high: number, count: number): number[] {
  const points: number[] = []
  for (let i = 0; i < count; i += 1) points.push(low * (high / low) ** (i / (count - 1)))
  points[count - 1] = high
  return points
}

/**
 * Where a condition that holds at `inside` and fails at `outside` changes, by bisection: the last point found at which it
 * holds.
 * @param precision relative distance at which the search ends
 */
export function lastHolding(holds: (x: number) => boolean, inside: number, outside: number, precision = 1e-6): number {
  let yes = inside
  let no = outside
  while (Math.abs(no - yes) > precision * Math.abs(yes)) {
    const middle = (yes + no) / 2
    if (holds(middle)) yes = middle
    else no = middle
  }
  return yes
}
