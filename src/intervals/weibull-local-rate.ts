import { durationText } from './duration-text.ts'
import { FIRST_ORDER_COST_SHARE, type OptimalInterval, optimalInterval } from './optimal-interval.ts'
import { OutOfRange, requirePositive } from './out-of-range.ts'

/** Rate of failure at uptime t, per ms: h(t) = (k/η)·(t/η)^(k−1). */
export const weibullHazardPerMs = (shape: number, scaleMs: number, uptimeMs: number): number =>
  (shape / scaleMs) * (uptimeMs / scaleMs) ** (shape - 1)

/**
 * Young's interval at the failure rate of the moment: work τ(t) = √(2·c / h(t)), which grows as t^((1−k)/2) while a
 * burst of failures fades.
 *
 * Source: the idea of lazy checkpointing (Tiwari, Gupta, Vazhkudai, DSN 2014); derived here from Young with a local
 * rate. First order: refused where the cost exceeds a tenth of 1/h(t). Flink cannot change its interval while a job
 * runs, so this tells how far one fixed interval is from the best at a given uptime.
 *
 * @param shape Weibull shape k, > 0
 * @param scaleMs Weibull scale η, ms, > 0
 * @param uptimeMs time since the last restart, ms, > 0
 * @throws OutOfRange where the rate is too high for a first-order formula
 */
export function weibullLocalOptimum(costMs: number, shape: number, scaleMs: number, uptimeMs: number): OptimalInterval {
  const model = 'weibull-local-rate'
  requirePositive(model, 'costMs', costMs)
  requirePositive(model, 'shape', shape)
  requirePositive(model, 'scaleMs', scaleMs)
  requirePositive(model, 'uptimeMs', uptimeMs)
  const localMtbfMs = 1 / weibullHazardPerMs(shape, scaleMs, uptimeMs)
  if (costMs > FIRST_ORDER_COST_SHARE * localMtbfMs)
    throw new OutOfRange(
      model,
      `at an uptime of ${durationText(uptimeMs)} failures come every ${durationText(localMtbfMs)}, less than ten times ` +
        `the cost of ${durationText(costMs)}; ask for a later moment`,
    )
  return optimalInterval(Math.sqrt(2 * costMs * localMtbfMs), costMs)
}
