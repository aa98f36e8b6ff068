import { OutOfRange, requireNotNegative, requirePositive } from './out-of-range.ts'
import { requireWork } from './utilisation.ts'
import type { VaidyaInput } from './vaidya-1997.ts'

/**
 * Share of all time that is useful work when the first checkpoint after a restart is triggered a whole interval later, as
 * Flink does it: U = λ·e^(−λ(R + L))·(T·q + (T − c)·q²/(1 − q)), q = e^(−λT).
 *
 * `vaidya-1997` puts the cost at the end of every interval, also of the first, whose checkpoint it begins at T − c. The two
 * differ by a factor of about 1 + λc·(c/T − λT/2): in the fourth digit unless cost and interval are large.
 *
 * Source: derived, by renewal over one uptime: interval k is saved if the uptime exceeds kT + L, the first one is worth T.
 *
 * @returns a number in (0, 1)
 * @throws OutOfRange when the interval is not longer than the cost, or the latency below the cost
 */
export function wholeFirstIntervalUtilisation(input: VaidyaInput): number {
  const { intervalMs, costMs, latencyMs, mtbfMs, restartMs } = input
  const model = 'whole-first-interval'
  requireWork(model, intervalMs, costMs)
  requirePositive(model, 'mtbfMs', mtbfMs)
  requireNotNegative(model, 'restartMs', restartMs)
  if (!(latencyMs >= costMs && latencyMs <= intervalMs))
    throw new OutOfRange(
      model,
      `the latency must lie between the cost and the interval, ${costMs} and ${intervalMs} ms, got ${latencyMs} ms`,
    )
  const reached = Math.exp(-intervalMs / mtbfMs)
  const missed = -Math.expm1(-intervalMs / mtbfMs)
  const workMs = intervalMs * reached + ((intervalMs - costMs) * reached ** 2) / missed
  return (workMs / mtbfMs) * Math.exp(-(restartMs + latencyMs) / mtbfMs)
}
