import { requirePositive, requireShareBelowOne } from './out-of-range.ts'

/**
 * What failed checkpoints leave of the utilisation: (1 − p) / (1 − p·e^(−λT)), a factor for `utilisation` or
 * `vaidya-1997`. Each checkpoint fails on its own with probability p and costs as much as one that completes.
 *
 * Source: derived. Of the N ~ geometric intervals an uptime completes, the trailing run of failed ones is lost:
 * E[N] − Σ (p·e^(−λT))ᵏ. Holds for p in [0, 1); checked by simulation.
 *
 * @param failedShare p in [0, 1)
 * @param intervalMs from trigger to trigger, ms, > 0
 * @param mtbfMs mean time between failures, ms, > 0
 */
export function failedCheckpointFactor(failedShare: number, intervalMs: number, mtbfMs: number): number {
  requireShareBelowOne('failed-checkpoints', 'failedShare', failedShare)
  requirePositive('failed-checkpoints', 'intervalMs', intervalMs)
  requirePositive('failed-checkpoints', 'mtbfMs', mtbfMs)
  return (1 - failedShare) / (1 - failedShare * Math.exp(-intervalMs / mtbfMs))
}

/**
 * Young's interval with failed checkpoints: work √(2·c·M·(1 − p)/(1 + p)), because a failure then loses
 * T/2 + T·p/(1 − p) instead of T/2. The factor by which failed checkpoints shorten the best interval, first order.
 */
export function failedCheckpointShortening(failedShare: number): number {
  requireShareBelowOne('failed-checkpoints', 'failedShare', failedShare)
  return Math.sqrt((1 - failedShare) / (1 + failedShare))
}
