/**
 * Checkpoint intervals put to the simulator: the real machines of the cluster floor instead of the formulas, with the same
 * failures for every interval (common random numbers: two intervals are compared on the same failure times), until the
 * estimates are as precise as wanted.
 *
 * Two jobs per interval: one that always has work tells how much of all time is useful; one whose records arrive by the
 * clock tells how long recoveries take.
 */
import { type Estimate, meanEstimate, quantileEstimate, ratioEstimate } from './estimate.ts'
import { failureTable } from './failure-table.ts'
import type { ResolvedProblem } from './interval-problem.ts'
import { effectiveIntervalMs, intervalRow } from './interval-row.ts'
import { OutOfRange } from './out-of-range.ts'
import { type Progress, untilPrecise } from './sequential-stopping.ts'
import { type Cycle, type Recovery, SimulatedJob, type SimulatedJobInput, type SimulatedRun } from './simulated-job.ts'
import { type Difference, differencesOf } from './simulation-differences.ts'

export interface SimulateOptions {
  /** Wanted half width of the 99 % intervals of the utilisation and of the mean recovery, over their values; 0.02 if left out. */
  readonly precision?: number
  /** Any text; '1' if left out. */
  readonly seed?: string
  /** Simulated time of one run, hours; 48 failures on average if left out. */
  readonly hours?: number
  /** Called after each interval. */
  readonly onProgress?: (done: number, total: number) => void
}

/** Mean and quantiles, each with its limits. Limits are null where the sample is too small to tell. */
export interface SimulatedQuantiles {
  readonly mean: OpenEstimate
  readonly p50: OpenEstimate
  readonly p90: OpenEstimate
  readonly p99: OpenEstimate
}
/** An estimate whose limits may be unknown. */
export interface OpenEstimate {
  readonly value: number
  readonly low: number | null
  readonly high: number | null
}

/** What the simulator says about one interval. Confidence intervals are of 99 %. */
export interface SimulatedInterval {
  readonly intervalMs: number
  /** From trigger to trigger as measured, ms; null where no two checkpoints followed each other. */
  readonly effectiveMs: number | null
  /** Share of all time that is useful work. */
  readonly utilisation: Estimate
  /** Share of all time that is work done once more because a failure had thrown it away. */
  readonly lostWork: Estimate
  /** Real records read once more after a failure, on average; null without an arrival rate. */
  readonly rereadRecords: OpenEstimate | null
  /** From the failure until the backlog is gone, ms; null without a load. */
  readonly recoveryMs: SimulatedQuantiles | null
  /** Age of the oldest record not yet processed when work goes on, at its peak in a recovery, ms. */
  readonly peakLagMs: SimulatedQuantiles
  readonly failures: number
  readonly recoveries: number
  /** Runs of the job that always has work, and of the one with arrivals. */
  readonly runs: number
  readonly loadedRuns: number
  readonly simulatedHours: number
  /** Whether the wanted precision was reached. */
  readonly precise: boolean
  /** Where simulation and formula differ by more than the interval, and why. */
  readonly differences: readonly Difference[]
}

/**
 * Simulated records per interval at least: whole numbers, so that a checkpoint finds every interval in the same place within a record
 * and the time it waits for the record at hand is the same, too. A recovery is measured to a fraction of a record.
 */
const RECORDS_PER_INTERVAL = 16
const ARRIVALS_PER_INTERVAL = 8
/** Where one checkpoint follows the other, the record at hand delays all that follow: records are finer there. */
const BACK_TO_BACK = 1.1
const FINER_BACK_TO_BACK = 16
const LEAST_RECORD_US = 20
const FAILURES_PER_RUN = 48
/** Below it, the few failures that happen to cost little look precise, too. */
const LEAST_SAMPLES = 180
const MOST_RUNS = 400
/** Runs without a single recovery after which none is expected: the job does not keep up. */
const RUNS_TO_DESPAIR = 3
/** Events per interval and job: some seconds. */
const MOST_STEPS = 6_000_000

const us = (ms: number): number => Math.round(ms * 1000)

/**
 * Simulates intervals.
 * @param intervalsMs as set, each at least 1 ms
 * @throws OutOfRange for a precision outside [0.0005, 0.5], hours that are not positive, or times beyond the simulator's range
 */
export function simulateIntervals(
  problem: ResolvedProblem,
  intervalsMs: readonly number[],
  options: SimulateOptions = {},
): SimulatedInterval[] {
  const { precision = 0.02, hours } = options
  if (!(precision >= 0.0005 && precision <= 0.5))
    throw new OutOfRange('simulate', `the precision must lie between 0.05 % and 50 %, got ${precision * 100} %`)
  if (hours !== undefined && !(hours > 0 && Number.isFinite(hours)))
    throw new OutOfRange('simulate', `the simulated hours must be a number above 0, got ${hours}`)
  const job = new SimulatedJob()
  return intervalsMs.map((intervalMs, done) => {
    const simulated = simulateInterval(job, problem, intervalMs, { ...options, precision })
    options.onProgress?.(done + 1, intervalsMs.length)
    return simulated
  })
}

type Settled = SimulateOptions & { readonly precision: number }

function simulateInterval(
  job: SimulatedJob,
  problem: ResolvedProblem,
  intervalMs: number,
  options: Settled,
): SimulatedInterval {
  const busy = runsOf(job, inputOf(problem, intervalMs, null, options), options, ({ cycles }) => ({
    samples: cycles.length,
    estimate: () => utilisationOf(cycles),
  }))
  const { load, arrivalPerSecond } = problem
  const loaded =
    load === null || load === 0
      ? null
      : runsOf(job, inputOf(problem, intervalMs, load, options), options, ({ recoveries }) => ({
          samples: recoveries.length,
          estimate: () => meanEstimate(recoveries.map((recovery) => recovery.recoveryUs)),
        }))
  const row = intervalRow(problem, intervalMs)
  const perMs = (values: readonly number[]): number[] => values.map((value) => value / 1000)
  const { cycles, checkpoints } = busy.all
  const recoveries = loaded?.all.recoveries ?? []
  const lostMs = perMs(cycles.map((cycle) => cycle.lostUs))
  const shape = {
    intervalMs,
    effectiveMs: checkpoints.gaps === 0 ? null : checkpoints.gapsUs / checkpoints.gaps / 1000,
    utilisation: utilisationOf(cycles),
    lostWork: ratioEstimate(
      cycles.map((cycle) => cycle.lostUs),
      cycles.map((cycle) => cycle.wallUs),
    ),
    rereadRecords: arrivalPerSecond === null || load === null ? null : reread(lostMs, arrivalPerSecond / load / 1000),
    recoveryMs: recoveries.length === 0 ? null : quantilesOf(perMs(recoveries.map((r) => r.recoveryUs))),
    peakLagMs: quantilesOf(perMs(recoveries.length === 0 ? busy.all.lagsUs : recoveries.map((r) => r.peakLagUs))),
    failures: cycles.length,
    recoveries: recoveries.length,
    runs: busy.runs,
    loadedRuns: loaded?.runs ?? 0,
    simulatedHours: (busy.all.virtualUs + (loaded?.all.virtualUs ?? 0)) / 3.6e9,
    precise: busy.reached && (loaded?.reached ?? true),
  }
  return { ...shape, differences: differencesOf(problem, row, shape, busy.all, loaded?.all ?? null) }
}

const utilisationOf = (cycles: SimulatedRun['cycles']): Estimate =>
  ratioEstimate(
    cycles.map((cycle) => cycle.workUs),
    cycles.map((cycle) => cycle.wallUs),
  )

/** Work in ms as records, at the capacity. */
function reread(lostMs: readonly number[], recordsPerMs: number): OpenEstimate {
  return open(meanEstimate(lostMs.map((ms) => ms * recordsPerMs)))
}

const open = ({ value, low, high }: Estimate): OpenEstimate => ({
  value,
  low: Number.isFinite(low) ? Math.max(0, low) : null,
  high: Number.isFinite(high) ? high : null,
})

const quantilesOf = (samples: readonly number[]): SimulatedQuantiles => ({
  mean: open(meanEstimate(samples)),
  p50: open(quantileEstimate(samples, 0.5)),
  p90: open(quantileEstimate(samples, 0.9)),
  p99: open(quantileEstimate(samples, 0.99)),
})

/** The question of one run; the seed is put in later. */
function inputOf(
  problem: ResolvedProblem,
  intervalMs: number,
  load: number | null,
  { hours, precision }: Settled,
): Omit<SimulatedJobInput, 'seed'> {
  const { costMs, latencyMs, downtimeMs, failures, weibull, failedShare, shortestMs } = problem
  const periodMs = effectiveIntervalMs(problem, intervalMs)
  const finer = intervalMs < shortestMs * BACK_TO_BACK ? FINER_BACK_TO_BACK : 1
  const arrivalEveryUs =
    load === null ? null : Math.max(LEAST_RECORD_US, us(periodMs / (ARRIVALS_PER_INTERVAL * finer)))
  // A checkpoint waits for the record at hand, half of one on average: that takes (T/M)²/4 of a record's share from the utilisation.
  const records = Math.max(RECORDS_PER_INTERVAL * finer, Math.ceil((2 * (periodMs / failures.mtbfMs) ** 2) / precision))
  const recordUs = load === null || arrivalEveryUs === null ? us((periodMs - costMs) / records) : arrivalEveryUs * load
  return {
    intervalUs: us(intervalMs),
    periodUs: us(periodMs),
    costUs: us(costMs),
    latencyUs: us(latencyMs),
    downtimeUs: us(downtimeMs),
    minPauseUs: us(Math.max(0, shortestMs - latencyMs)),
    failedPerMillion: Math.round(failedShare * 1e6),
    recordUs: Math.max(LEAST_RECORD_US, Math.round(recordUs)),
    arrivalEveryUs,
    table: failureTable(us(failures.mtbfMs), weibull?.shape ?? 1),
    memoryless: failures.kind === 'exponential',
    intervalsToKeep: intervalsToForget(failedShare),
    failures:
      hours === undefined
        ? FAILURES_PER_RUN
        : Math.max(3, Math.ceil((hours * 3_600_000) / (failures.mtbfMs + downtimeMs))),
    mostSteps: MOST_STEPS,
  }
}

/** Intervals after which nobody can tell any more which checkpoints failed before: in all but one of 10,000 cases one succeeded. */
function intervalsToForget(failedShare: number): number {
  let intervals = 0
  for (let allFail = failedShare; allFail > 1e-4; allFail *= failedShare) intervals += 1
  return intervals
}

interface Runs {
  readonly all: SimulatedRun
  readonly runs: number
  readonly reached: boolean
}

/** Run r of every interval has the same seed, and with it the same failures. */
function runsOf(
  job: SimulatedJob,
  input: Omit<SimulatedJobInput, 'seed'>,
  { seed = '1', precision }: Settled,
  estimated: (all: SimulatedRun) => Progress,
): Runs {
  const all = new Total()
  const { runs, reached } = untilPrecise(
    { precision, leastSamples: LEAST_SAMPLES, mostRuns: MOST_RUNS },
    (index) => {
      all.add(job.run({ ...input, seed: `${seed}/${index}`, mostSteps: MOST_STEPS - all.steps }))
      const hopeless = index + 1 >= RUNS_TO_DESPAIR && estimated(all).samples === 0
      return all.complete && all.steps < MOST_STEPS && !hopeless
    },
    () => estimated(all),
  )
  return { all, runs, reached }
}

/** Adds the runs of one interval. */
class Total implements SimulatedRun {
  readonly cycles: Cycle[] = []
  readonly recoveries: Recovery[] = []
  readonly lagsUs: number[] = []
  readonly checkpoints = { completed: 0, expired: 0, gaps: 0, gapsUs: 0, durationsUs: 0 }
  steps = 0
  virtualUs = 0
  complete = true
  add(run: SimulatedRun): void {
    this.cycles.push(...run.cycles)
    this.recoveries.push(...run.recoveries)
    this.lagsUs.push(...run.lagsUs)
    for (const name of Object.keys(this.checkpoints) as (keyof SimulatedRun['checkpoints'])[])
      this.checkpoints[name] += run.checkpoints[name]
    this.steps += run.steps
    this.virtualUs += run.virtualUs
    this.complete &&= run.complete
  }
}
