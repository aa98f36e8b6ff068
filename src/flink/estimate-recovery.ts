/**
 * Recovery: from the failure until an observer of the output sees the lag back at normal.
 *
 * R = (D + ρA)/(1 − ρ) of `intervals/catch-up` is when the backlog is gone. An observer sees less and later:
 * - Lag is normal before it is zero. A job at rest has a lag of about one buffer timeout per network hop, and "recovered" is
 *   a lag under a threshold above that. A lag of θ less to work off is θρ/(1 − ρ) earlier.
 * - Who reports the worst lag of each period sees the end one to two periods after it.
 */
import { recoveryWithCheckpointsMs } from '../intervals/index.ts'

/** How "recovered" is told. */
export interface RecoverySight {
  /** Lag that counts as recovered, ms; twice the normal lag if that is more. */
  readonly recoveredLagMs: number
  /** Lag at rest, ms. */
  readonly normalLagMs: number
  /** The worst lag of each such period is reported, ms. */
  readonly reportEveryMs: number
}

/** A lag under half a second as five reports a second show it: the instrument of the cluster data. */
export const DEFAULT_RECOVERED_LAG_MS = 500
export const DEFAULT_REPORT_EVERY_MS = 200

export interface RecoveryInput {
  readonly downtimeMs: number
  /** How far back the sources go, ms. */
  readonly replayMs: number
  readonly arrivalPerSecond: number
  readonly capacityPerSecond: number
  readonly intervalMs: number | null
  /** Work lost to one checkpoint of the catch-up, ms: its synchronous part. While channels align, the others are read. */
  readonly costMs: number
  readonly sight: RecoverySight
}

/** The recovery to expect, ms; Infinity without capacity to spare. @param seenAfterPeriods from 1 to 2 */
export function estimateRecoveryMs(input: RecoveryInput, seenAfterPeriods = 1.5): number {
  const { downtimeMs, replayMs, arrivalPerSecond, capacityPerSecond, intervalMs, costMs, sight } = input
  const load = arrivalPerSecond / capacityPerSecond
  if (!(load < 1)) return Number.POSITIVE_INFINITY
  const checkpoints = { intervalMs: intervalMs ?? Number.MAX_SAFE_INTEGER, costMs }
  const goneMs = recoveryWithCheckpointsMs({ downtimeMs, load }, checkpoints, replayMs)
  const { recoveredLagMs, normalLagMs, reportEveryMs } = sight
  const toleratedMs = Math.max(recoveredLagMs, 2 * normalLagMs) - normalLagMs
  return Math.max(downtimeMs, goneMs - (toleratedMs * load) / (1 - load)) + seenAfterPeriods * reportEveryMs
}

/** What is uncertain about a recovery. */
export interface RecoverySpread {
  /** Equally likely downtimes, ms. */
  readonly downtimesMs: readonly number[]
  readonly arrivalRelativeSd: number
  readonly capacityRelativeSd: number
}

/** Standard normal at the midpoints of nine equal shares. */
const NORMAL_STEPS: readonly number[] = [-1.593, -0.967, -0.589, -0.282, 0, 0.282, 0.589, 0.967, 1.593]
/** At most this many downtimes go into the band. */
const DOWNTIMES = 40

/** The range that holds the middle 80 % of the recoveries, ms: [10 %, 90 %]. */
export function recoveryBandMs(input: RecoveryInput, spread: RecoverySpread): readonly [number, number] {
  const { downtimesMs, arrivalRelativeSd, capacityRelativeSd } = spread
  const stride = Math.max(1, Math.floor(downtimesMs.length / DOWNTIMES))
  const values: number[] = []
  for (const downtimeMs of downtimesMs.filter((_, i) => i % stride === 0))
    for (const arrival of arrivalRelativeSd === 0 ? [0] : NORMAL_STEPS)
      for (const capacity of NORMAL_STEPS)
        for (const seen of [1.1, 1.3, 1.5, 1.7, 1.9])
          values.push(
            estimateRecoveryMs(
              {
                ...input,
                downtimeMs,
                arrivalPerSecond: input.arrivalPerSecond * (1 + arrival * arrivalRelativeSd),
                capacityPerSecond: input.capacityPerSecond * (1 + capacity * capacityRelativeSd),
              },
              seen,
            ),
          )
  values.sort((a, b) => a - b)
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]!
  return [at(0.1), at(0.9)]
}
