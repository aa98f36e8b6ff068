/**
 * Named pure rules of the operators that Cutline brings along. Operators take them from their context, so that a planted bug
 * can replace one in a run while the twin goes by the true ones.
 */
export const operatorParts = {
  /** When a buffered element of an interval join is dropped: at this watermark. Flink: IntervalJoinOperator. */
  intervalJoinCleanupMs: (timestampMs: number, upperMs: number): number => timestampMs + Math.max(0, upperMs),
  /** Whether state has outlived its time. Flink: TtlUtils.expired. */
  ttlExpired: (touchedMs: number, ttlMs: number, nowMs: number): boolean => touchedMs + ttlMs <= nowMs,
}
export type OperatorParts = typeof operatorParts
