import { OutOfRange, requireNotNegative } from './out-of-range.ts'
import { type UtilisationInput, utilisation } from './utilisation.ts'

/** A checkpoint whose barrier walks down a pipeline. */
export interface JayasekaraInput extends UtilisationInput {
  /** Operators on the longest path from source to sink, an integer >= 1. */
  readonly depth: number
  /** Delay of a barrier from one operator to the next, ms, >= 0. */
  readonly hopDelayMs: number
}

/** Time the barrier needs from the first operator to the last, ms: (depth − 1)·hopDelayMs. */
export function pathDelayMs(depth: number, hopDelayMs: number): number {
  if (!(Number.isSafeInteger(depth) && depth >= 1))
    throw new OutOfRange('jayasekara-2020', `depth must be an integer of 1 or more, got ${depth}`)
  requireNotNegative('jayasekara-2020', 'hopDelayMs', hopDelayMs)
  return (depth - 1) * hopDelayMs
}

/**
 * Share of all time that is useful work in a pipeline of depth n: U = λ(T − c)·e^(−λ(R + (n−1)δ)) / (e^(λT) − 1).
 *
 * Source: S. Jayasekara, A. Harwood, S. Karunasekera, "A utilization model for optimization of checkpoint intervals in
 * distributed stream processing systems", FGCS 2020 (arXiv 1911.11915). The expression is rebuilt from its abstract (the
 * optimum depends on cost and failure rate only) and equals `vaidya-1997` with latency c + (n−1)δ. The optimum is
 * `exactOptimum`.
 *
 * @returns a number in (0, 1)
 * @throws OutOfRange when depth is not an integer >= 1 or the interval is not longer than the cost
 */
export function jayasekara2020({ depth, hopDelayMs, ...input }: JayasekaraInput): number {
  return utilisation({ ...input, restartMs: input.restartMs + pathDelayMs(depth, hopDelayMs) })
}
