import { durationText } from './duration-text.ts'
import { exactOptimum } from './exact-optimum.ts'
import type { OptimalInterval } from './optimal-interval.ts'
import { OutOfRange, requireNotNegative } from './out-of-range.ts'
import { type UtilisationInput, utilisation } from './utilisation.ts'

/** A checkpoint that runs beside the work: it costs little but takes long. */
export interface VaidyaInput extends UtilisationInput {
  /** From the trigger until the checkpoint is durable, ms. At least the cost, at most the interval. */
  readonly latencyMs: number
}

/**
 * Share of all time that is useful work, cost and latency apart: U = (T − c) / Γ with
 * Γ = λ⁻¹·e^(λ(L − c + R))·(e^(λT) − 1), T from trigger to trigger.
 *
 * Source: N. H. Vaidya, "Impact of checkpoint latency on overhead ratio of a checkpointing scheme", IEEE ToC 46(8),
 * 1997. The model for Flink's asynchronous snapshots: c is the throughput lost, L is `end_to_end_duration`.
 * One checkpoint at a time.
 *
 * @returns a number in (0, 1)
 * @throws OutOfRange when the latency is below the cost or above the interval
 */
export function vaidya1997({ latencyMs, ...input }: VaidyaInput): number {
  const { intervalMs, costMs, restartMs } = input
  requireNotNegative('vaidya-1997', 'restartMs', restartMs)
  if (!(latencyMs >= costMs))
    throw new OutOfRange(
      'vaidya-1997',
      `a checkpoint cannot take less time than the work it costs, got a latency of ${durationText(latencyMs)} against ` +
        `a cost of ${durationText(costMs)}; give the end-to-end duration as the latency`,
    )
  if (latencyMs > intervalMs)
    throw new OutOfRange(
      'vaidya-1997',
      `one checkpoint at a time needs an interval of at least the latency, got ${durationText(intervalMs)} against ` +
        `${durationText(latencyMs)}; choose a longer interval`,
    )
  return utilisation({ ...input, restartMs: restartMs + latencyMs - costMs })
}

/** Vaidya's overhead ratio r = Γ/work − 1: time lost per time of useful work. */
export const overheadRatio = (utilisationShare: number): number => 1 / utilisationShare - 1

/** The interval with the least overhead: the exact optimum of the cost alone, or the latency if that is longer. */
export function vaidya1997Optimum(costMs: number, latencyMs: number, mtbfMs: number): OptimalInterval {
  const exact = exactOptimum(costMs, mtbfMs)
  return exact.intervalMs >= latencyMs ? exact : { workMs: latencyMs - costMs, intervalMs: latencyMs }
}
