/**
 * Capacity and downtime from measured recoveries: the parameters of R = (D + ρA)/(1 − ρ), ρ = arrival / capacity, that leave
 * the least sum of absolute errors. Absolute, not squared: a chaos experiment has outliers, and one of them should not
 * decide. A = T − offset, the offset being how long before the next checkpoint the failure struck; it is fitted as a third
 * parameter only if it was not recorded.
 *
 * For a given capacity R is linear in D, and the best D a weighted median; so the fit is a search over the capacity (and the
 * offset) alone.
 *
 * A row whose arrival exceeds the capacity is saturated: it cannot have recovered by this model, and would pull the capacity
 * above its own arrival. So rows from some arrival rate on are left out and listed if the rows below that rate, fitted alone,
 * have a capacity that it exceeds.
 */
import { recoveryMs } from '../intervals/index.ts'
import { Decisions, site } from '../kernel/index.ts'
import { mean, sum } from './inferred.ts'
import type { RecoveryRow } from './recovery-rows.ts'

/** A fitted value with the range that holds the middle 80 % of its bootstrap. */
export interface FittedParameter {
  readonly value: number
  readonly low80: number
  readonly high80: number
  /** False: it was recorded, and not fitted. */
  readonly fitted: boolean
}

export interface FittedRow extends RecoveryRow {
  /** By the fit to all rows, ms. */
  readonly predictedMs: number
}

export interface RecoveryFit {
  /** Rows that the fit rests on. */
  readonly n: number
  readonly parameters: {
    readonly capacityPerSecond: FittedParameter
    readonly downtimeMs: FittedParameter
    /** From the failure until the next checkpoint would have been triggered: the replay is the interval less this. */
    readonly replayOffsetMs: FittedParameter
  }
  /** Mean absolute errors in percent of the measured recovery: of the fit itself, */
  readonly inSample: number
  /** … and of each interval predicted from the others; null with one interval. */
  readonly leaveOneIntervalOut: number | null
  /** The same by interval, ms -> percent. */
  readonly byInterval: readonly { readonly intervalMs: number; readonly n: number; readonly error: number }[]
  /** Rows that are saturated, or never recovered. */
  readonly excluded: readonly RecoveryRow[]
  readonly rows: readonly FittedRow[]
}

/** Too few rows to fit; the message is one sentence. */
export class TooFewRows extends Error {
  override readonly name = 'TooFewRows'
}

interface Parameters {
  readonly capacityPerSecond: number
  readonly downtimeMs: number
  readonly offsetMs: number
}

const FEWEST_ROWS = 4
const CAPACITY_STEPS = 64
/** The capacity is searched up to so many times the largest arrival rate. */
const CAPACITY_REACH = 4
const OFFSET_STEPS = 12
const REFINEMENTS = 4
const BOOTSTRAPS = 100

const RESAMPLE = site('fit: row of a bootstrap sample')

/**
 * Fits measured recoveries.
 * @throws TooFewRows below four rows
 */
export function fitRecoveries(all: readonly RecoveryRow[]): RecoveryFit {
  const measured = all.filter((row) => Number.isFinite(row.recoveryMs))
  if (measured.length < FEWEST_ROWS)
    throw new TooFewRows(
      `A fit needs at least ${FEWEST_ROWS} measured recoveries, got ${measured.length}: measure more.`,
    )
  const saturatedFrom = saturation(measured)
  const kept = measured.filter((row) => row.arrivalPerSecond < saturatedFrom)
  const excluded = all.filter((row) => !kept.includes(row))
  const fitted = leastErrors(kept)
  const intervals = [...new Set(kept.map((row) => row.intervalMs))].sort((a, b) => a - b)
  const byInterval = intervals.length < 2 ? [] : intervals.map((intervalMs) => heldOut(kept, intervalMs))
  const samples = Array.from({ length: BOOTSTRAPS }, (_, sample) => leastErrors(resampled(kept, sample)))
  const parameter = (name: keyof Parameters, isFitted = true): FittedParameter => {
    const values = samples.map((one) => one[name]).sort((a, b) => a - b)
    const at = (share: number): number => values[Math.round(share * (values.length - 1))]!
    return {
      value: fitted[name],
      low80: isFitted ? at(0.1) : fitted[name],
      high80: isFitted ? at(0.9) : fitted[name],
      fitted: isFitted,
    }
  }
  const rows = kept.map((row) => ({ ...row, predictedMs: predictedMs(row, fitted) }))
  return {
    n: kept.length,
    parameters: {
      capacityPerSecond: parameter('capacityPerSecond'),
      downtimeMs: parameter('downtimeMs'),
      replayOffsetMs: parameter('offsetMs', !offsetKnown(measured)),
    },
    inSample: mean(rows.map((row) => percentOff(row, row.predictedMs))),
    leaveOneIntervalOut:
      byInterval.length === 0
        ? null
        : byInterval.reduce((total, { n, error }) => total + n * error, 0) /
          byInterval.reduce((n, one) => n + one.n, 0),
    byInterval,
    excluded,
    rows,
  }
}

/** The arrival rate from which on rows are saturated; Infinity if none is. At least half of the rows are kept. */
function saturation(rows: readonly RecoveryRow[]): number {
  const rates = [...new Set(rows.map((row) => row.arrivalPerSecond))].sort((a, b) => a - b)
  for (const rate of rates) {
    const below = rows.filter((row) => row.arrivalPerSecond < rate)
    if (below.length < FEWEST_ROWS || below.length < rows.length / 2) continue
    if (leastErrors(below).capacityPerSecond <= rate) return rate
  }
  return Number.POSITIVE_INFINITY
}

const percentOff = ({ recoveryMs: measuredMs }: RecoveryRow, ms: number): number =>
  (100 * Math.abs(ms - measuredMs)) / measuredMs

/** One interval predicted from the others. A row that they call saturated is 100 % off. */
function heldOut(rows: readonly RecoveryRow[], intervalMs: number): { intervalMs: number; n: number; error: number } {
  const others = leastErrors(rows.filter((row) => row.intervalMs !== intervalMs))
  const own = rows.filter((row) => row.intervalMs === intervalMs)
  const errors = own.map((row) =>
    row.arrivalPerSecond < others.capacityPerSecond ? percentOff(row, predictedMs(row, others)) : 100,
  )
  return { intervalMs, n: own.length, error: mean(errors) }
}

const offsetKnown = (rows: readonly RecoveryRow[]): boolean => rows.every((row) => row.beforeNextMs !== null)

const ageMs = (row: RecoveryRow, offsetMs: number): number =>
  Math.max(0, row.intervalMs - (row.beforeNextMs ?? offsetMs))

const predictedMs = (row: RecoveryRow, { capacityPerSecond, downtimeMs, offsetMs }: Parameters): number =>
  recoveryMs({ downtimeMs, load: row.arrivalPerSecond / capacityPerSecond }, ageMs(row, offsetMs))

function resampled(rows: readonly RecoveryRow[], sample: number): RecoveryRow[] {
  const decisions = new Decisions()
  decisions.seed(`fit/${sample}`)
  return rows.map((_, i) => rows[decisions.decide(RESAMPLE, i, rows.length)]!)
}

/** The least sum of absolute errors: a grid over the capacity (and the offset, if it is not known), refined around its best point. */
function leastErrors(rows: readonly RecoveryRow[]): Parameters {
  const arrivals = rows.map((row) => row.arrivalPerSecond)
  const known = offsetKnown(rows)
  const recorded = known ? mean(rows.map((row) => row.beforeNextMs!)) : 0
  const most = Math.max(...arrivals)
  let capacities: readonly [number, number] = [most * 1.001, most * CAPACITY_REACH]
  let offsets: readonly [number, number] = known
    ? [recorded, recorded]
    : [0, Math.min(...rows.map((row) => row.intervalMs))]
  let best: Parameters & { readonly cost: number } = {
    capacityPerSecond: capacities[1],
    downtimeMs: 0,
    offsetMs: recorded,
    cost: Number.POSITIVE_INFINITY,
  }
  for (let round = 0; round <= REFINEMENTS; round += 1) {
    const capacityGrid = grid(capacities, CAPACITY_STEPS)
    const offsetGrid = known ? [recorded] : grid(offsets, OFFSET_STEPS)
    for (const capacityPerSecond of capacityGrid)
      for (const offsetMs of offsetGrid) {
        const { downtimeMs, cost } = bestDowntime(rows, capacityPerSecond, offsetMs)
        if (cost < best.cost) best = { capacityPerSecond, downtimeMs, offsetMs, cost }
      }
    capacities = around(best.capacityPerSecond, capacities, CAPACITY_STEPS)
    offsets = around(best.offsetMs, offsets, OFFSET_STEPS)
  }
  const { cost: _, ...parameters } = best
  return parameters
}

const grid = ([low, high]: readonly [number, number], steps: number): number[] =>
  Array.from({ length: steps + 1 }, (_, step) => low + ((high - low) * step) / steps)

/** Two steps to either side of the best point, within the old range. */
const around = (value: number, [low, high]: readonly [number, number], steps: number): readonly [number, number] => {
  const reach = (2 * (high - low)) / steps
  return [Math.max(low, value - reach), Math.min(high, value + reach)]
}

/** For a given capacity: Σ|w·D − y| with w = 1/(1 − ρ) is least at the median of y/w weighted by w. */
function bestDowntime(
  rows: readonly RecoveryRow[],
  capacityPerSecond: number,
  offsetMs: number,
): { readonly downtimeMs: number; readonly cost: number } {
  const points = rows.map((row) => {
    const load = row.arrivalPerSecond / capacityPerSecond
    const weight = 1 / (1 - load)
    return { weight, restMs: row.recoveryMs - weight * load * ageMs(row, offsetMs) }
  })
  const downtimeMs = Math.max(0, weightedMedian(points))
  return { downtimeMs, cost: sum(points.map(({ weight, restMs }) => Math.abs(weight * downtimeMs - restMs))) }
}

function weightedMedian(points: readonly { weight: number; restMs: number }[]): number {
  const values = points
    .map(({ weight, restMs }) => ({ value: restMs / weight, weight }))
    .sort((a, b) => a.value - b.value)
  const half = values.reduce((total, { weight }) => total + weight, 0) / 2
  let below = 0
  for (const { value, weight } of values) {
    below += weight
    if (below >= half) return value
  }
  return 0
}
