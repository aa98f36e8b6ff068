import { OutOfRange, requirePositive } from './out-of-range.ts'

/** Full checkpoints with incremental ones in between. */
export interface IncrementalMixInput {
  /** Work lost to a full checkpoint, ms, > 0. */
  readonly fullCostMs: number
  /** Work lost to an incremental one, ms, in (0, fullCostMs]. */
  readonly incrementalCostMs: number
  /** What each incremental since the last full one adds to a restore, ms, > 0. */
  readonly restorePerIncrementalMs: number
  /** From one trigger to the next, ms, > 0. */
  readonly intervalMs: number
  /** Mean time between failures, ms, > 0, at least twice the interval. */
  readonly mtbfMs: number
}

/** How many incrementals, and what that mix costs on average. */
export interface IncrementalMix {
  /** Incremental checkpoints between two full ones, an integer >= 0. */
  readonly incrementalsPerFull: number
  /** Mean work lost to a checkpoint, ms. */
  readonly meanCostMs: number
  /** Mean extra time of a restore, ms: half the incrementals are there when a failure strikes. */
  readonly meanExtraRestoreMs: number
}

/** Time lost per interval with m incrementals between two full checkpoints, ms. */
export function incrementalMixLossMs(input: IncrementalMixInput, incrementalsPerFull: number): number {
  const { fullCostMs, incrementalCostMs, restorePerIncrementalMs, intervalMs, mtbfMs } = input
  return (
    incrementalCostMs +
    (fullCostMs - incrementalCostMs) / (incrementalsPerFull + 1) +
    (intervalMs / mtbfMs) * restorePerIncrementalMs * (incrementalsPerFull / 2)
  )
}

/**
 * The number of incremental checkpoints between two full ones that loses least: of the two integers next to
 * √(2·(F − I)/(λT·δ)) − 1, where F and I are the two costs and δ is what each incremental adds to a restore.
 *
 * Source: derived, first order in T/M; the trade-off of Naksinehaboon et al. 2008.
 *
 * @throws OutOfRange where an incremental costs more than a full one or an interval is above half the MTBF
 */
export function incrementalMix(input: IncrementalMixInput): IncrementalMix {
  const model = 'incremental-mix'
  const { fullCostMs, incrementalCostMs, restorePerIncrementalMs, intervalMs, mtbfMs } = input
  for (const name of ['fullCostMs', 'incrementalCostMs', 'restorePerIncrementalMs', 'intervalMs', 'mtbfMs'] as const)
    requirePositive(model, name, input[name])
  if (incrementalCostMs > fullCostMs)
    throw new OutOfRange(
      model,
      `an incremental checkpoint must not cost more than a full one, got ${incrementalCostMs} ms against ${fullCostMs} ms`,
    )
  if (intervalMs > mtbfMs / 2)
    throw new OutOfRange(
      model,
      `a first-order formula needs an interval of at most half the MTBF, got ${intervalMs} ms against ${mtbfMs} ms`,
    )
  const failuresPerInterval = intervalMs / mtbfMs
  const best = Math.sqrt((2 * (fullCostMs - incrementalCostMs)) / (failuresPerInterval * restorePerIncrementalMs))
  const low = Math.max(0, Math.floor(best) - 1)
  const incrementalsPerFull = incrementalMixLossMs(input, low) <= incrementalMixLossMs(input, low + 1) ? low : low + 1
  return {
    incrementalsPerFull,
    meanCostMs: incrementalCostMs + (fullCostMs - incrementalCostMs) / (incrementalsPerFull + 1),
    meanExtraRestoreMs: (restorePerIncrementalMs * incrementalsPerFull) / 2,
  }
}
