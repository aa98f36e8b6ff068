/**
 * Uptimes from a table of the inverse distribution, in whole microseconds, so that a simulated failure strikes at the same
 * microsecond on every machine.
 *
 * ```
 *   survival  1 ────┐ 64 steps   level 0: every second uptime
 *            1/2    └──┐         level 1: every fourth
 *            1/4       └──┐      …          each step is a straight line between two knots
 *           2⁻³²          └────  the last one
 * ```
 */
import { LN_2, stableExp, stableLn } from './bit-stable-math.ts'
import { OutOfRange } from './out-of-range.ts'

const LEVELS = 32
const STEPS = 64
/** 35 years, where the longest uptimes of rare and bursty failures are cut: below 2^53, with room for sums of them. */
const LONGEST_US = 2 ** 50

/** Uptimes between two failures. */
export interface FailureTable {
  readonly mtbfUs: number
  /** Whole microseconds, rising: survival falls from 1 to 1/2 over the first 64 steps, by half again over each 64 more. */
  readonly knotsUs: readonly number[]
  /** The uptime that belongs to two random words of 32 bits. */
  uptimeUs(word: number, fine: number): number
}

/**
 * The table of a Weibull distribution; shape 1 is exponential. Its mean is the MTBF to within a microsecond as long as no
 * uptime of 2⁻³² probability exceeds 35 years.
 *
 * @param mtbfUs mean uptime, whole microseconds, in [1000, 2^46]
 * @param shape in [0.2, 10]
 */
export function failureTable(mtbfUs: number, shape = 1): FailureTable {
  if (!(Number.isSafeInteger(mtbfUs) && mtbfUs >= 1000 && mtbfUs <= 2 ** 46))
    throw new OutOfRange('failure-table', `an MTBF must lie between 1 ms and 2 years to be simulated, got ${mtbfUs} µs`)
  if (!(shape >= 0.2 && shape <= 10))
    throw new OutOfRange('failure-table', `the shape must lie in [0.2, 10], got ${shape}; 1 means exponential failures`)
  const units: number[] = []
  for (let knot = 0; knot <= LEVELS * STEPS; knot += 1) {
    const step = knot % STEPS
    const hazard = ((knot - step) / STEPS) * LN_2 - stableLn(1 - step / (2 * STEPS))
    units.push(shape === 1 || hazard === 0 ? hazard : stableExp(stableLn(hazard) / shape))
  }
  let meanUnits = 0
  for (let knot = units.length - 2; knot >= 0; knot -= 1)
    meanUnits += (probabilityOfStep(knot) * (units[knot]! + units[knot + 1]!)) / 2
  const scale = mtbfUs / meanUnits
  const knotsUs = units.map((unit) => Math.min(LONGEST_US, Math.round(unit * scale)))
  return {
    mtbfUs,
    knotsUs,
    uptimeUs(word, fine) {
      const level = Math.min(LEVELS - 1, Math.clz32(word))
      const knot = level * STEPS + ((fine >>> 26) & (STEPS - 1))
      const low = knotsUs[knot]!
      const part = fine & 0x3ff_ffff
      // Two factors of at most 2^50 and 2^26 are more than 53 bits: divide first, exactly.
      const span = knotsUs[knot + 1]! - low
      const whole = Math.floor(span / 0x400_0000)
      return low + whole * part + Math.floor(((span - whole * 0x400_0000) * part) / 0x400_0000)
    },
  }
}

/** Probability of the step that begins at a knot: the last level holds all that is left. */
export function probabilityOfStep(knot: number): number {
  const level = Math.floor(knot / STEPS)
  let share = 1 / STEPS
  for (let k = 0; k < Math.min(level + 1, LEVELS - 1); k += 1) share /= 2
  return share
}
