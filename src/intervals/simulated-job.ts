/**
 * One job on the real machines of the cluster floor: job manager, coordinator, storage, task managers, a reader that does
 * the job's work and a task behind it. A simulated record stands for a batch of real ones.
 *
 * ```
 *   arrivals (by the clock, or without end)
 *      │ split
 *   [ work ] ──records, barriers──> [ tail ]       barrier checkpoints; failures crash `work`; all restart
 *      └ one record stands for a batch
 * ```
 *
 * The reader is the bottleneck, so that barriers do not wait behind records: alignment under back-pressure is not in it, nor
 * is it in the formulas. The outage (detection and restart) is the time that tasks take to initialise, because a failure may
 * strike then, too, as the formulas have it.
 */
import { Cluster } from '../cluster/index.ts'
import type { JobGraph, Operator, Split } from '../dataflow/index.ts'
import { type Entity, type EntityId, Kernel, site } from '../kernel/index.ts'
import {
  type Attempt,
  type CompletedCheckpoint,
  E,
  type EffectFate,
  FATE,
  type FaultSource,
  type Plan,
} from '../model/index.ts'
import { aligned } from '../protocols/index.ts'
import type { FailureTable } from './failure-table.ts'
import { QuietObserver } from './quiet-observer.ts'

const LEVEL = site('simulated uptime: level')
const PLACE = site('simulated uptime: place')
const CHECKPOINT_FAILS = site('simulated checkpoint fails')
const MILLION = 1_000_000
const WORK = 0

/** What one run is about. All times in whole microseconds. */
export interface SimulatedJobInput {
  readonly seed: string
  readonly intervalUs: number
  /** From checkpoint to checkpoint as it works out: longer than the interval where a checkpoint and its pause are. */
  readonly periodUs: number
  readonly costUs: number
  readonly latencyUs: number
  readonly downtimeUs: number
  readonly minPauseUs: number
  /** Checkpoints that fail, of a million. */
  readonly failedPerMillion: number
  /** Work of one simulated record. */
  readonly recordUs: number
  /** Time between the arrivals of two simulated records; null: there is always one to read. */
  readonly arrivalEveryUs: number | null
  readonly table: FailureTable
  /** True: failures come by the clock, also during a restart. False: an uptime begins when the job runs again. */
  readonly memoryless: boolean
  /**
   * Once the job does in each interval what it did in the one before — no backlog, new checkpoints — whole intervals until
   * the next failure are left out but for so many, and the job is credited with them. Null: nothing is left out.
   */
  readonly intervalsToKeep: number | null
  /** Failures until the run ends, with the restart after the last one. */
  readonly failures: number
  /** Events at most. */
  readonly mostSteps: number
}

/** From one restart to the next. */
export interface Cycle {
  /** Work that lasted, microseconds of it. */
  readonly workUs: number
  /** Work that was done and lost, microseconds of it. */
  readonly lostUs: number
  readonly wallUs: number
}

/** From a failure of a job without backlog until it has none again. */
export interface Recovery {
  readonly recoveryUs: number
  readonly peakLagUs: number
  /** Failures in it: more than one if another one struck during the outage or the catch-up. */
  readonly failures: number
  /** Whether one of them fell back to a checkpoint that an earlier failure had fallen back to: no new one was durable yet. */
  readonly exposed: boolean
}

/** What a run has shown. */
export interface SimulatedRun {
  readonly cycles: readonly Cycle[]
  /** With arrivals only. */
  readonly recoveries: readonly Recovery[]
  /** Age of what is read first when work goes on, one for each restart: of the snapshot without arrivals, else of the record. */
  readonly lagsUs: readonly number[]
  readonly checkpoints: {
    readonly completed: number
    readonly expired: number
    /** Sums over pairs of checkpoints triggered one after the other in one execution. */
    readonly gaps: number
    readonly gapsUs: number
    /** From the trigger until it is complete, sum over completed ones. */
    readonly durationsUs: number
  }
  readonly steps: number
  /** With what was left out. */
  readonly virtualUs: number
  /** Whether all failures struck before the steps were used up. */
  readonly complete: boolean
}

class Nothing implements Operator {
  processElement(): void {}
}
const GRAPH: JobGraph = {
  settings: { checkpointIntervalMs: 1000, mode: 'EXACTLY_ONCE', maxParallelism: 128 },
  vertices: [
    { uid: 'work', kind: 'source', parallelism: 1, source: { splits: () => [] }, chain: [] },
    { uid: 'tail', kind: 'operator', parallelism: 1, operator: () => new Nothing(), chain: [] },
  ],
  edges: [{ name: 'work->tail', from: 0, to: 1, input: 0, partitioner: 'forward' }],
}
/** Latencies of the simulated network come in this unit: microseconds against intervals of seconds. */
const UNIT_US = 1
/** Flink's default, or twice the latency. */
const LEAST_TIMEOUT_US = 600 * MILLION
const NO_LIMIT = 2_147_483_647
const NOTHING: EffectFate = { fate: FATE.none, extraUs: 0 }
const FAILS: EffectFate = { fate: FATE.fail, extraUs: 0 }
/** Time after which a failure that found nothing to hit, between two executions, tries again. */
const RETRY_US = 50

/** Strikes, and lets checkpoints fail. */
class Failures implements Entity, FaultSource {
  readonly name = 'failures'
  id: EntityId = -1
  struck = 0
  #drawn = 0
  #written = 0
  #input!: SimulatedJobInput
  readonly #kernel: Kernel
  #leftOutUs = 0
  #strikesAtUs = -1
  #handle = -1
  readonly #hit: (leftOutUs: number) => boolean
  /** @param hit crashes the job; told how much of the uptime was left out; false if there was nothing to hit */
  constructor(kernel: Kernel, hit: (leftOutUs: number) => boolean) {
    this.#kernel = kernel
    this.#hit = hit
  }
  start(input: SimulatedJobInput): void {
    this.#input = input
    this.struck = 0
    this.#strikesAtUs = -1
    this.#drawn = 0
    this.#written = 0
    if (input.memoryless) this.#next()
  }
  /** The job runs (again). */
  running(): void {
    if (!this.#input.memoryless) this.#next()
  }
  #next(): void {
    const { decisions, now } = this.#kernel
    this.#drawn += 1
    this.#leftOutUs = 0
    this.#strikesAtUs =
      now + this.#input.table.uptimeUs(decisions.word(LEVEL, this.#drawn), decisions.word(PLACE, this.#drawn))
    this.#handle = this.#kernel.schedule(this.#strikesAtUs - now, this.id, 0)
  }
  /** The job repeats itself: the next failure may come whole intervals earlier. */
  settled(): void {
    const { intervalsToKeep, periodUs } = this.#input
    if (intervalsToKeep === null || this.#strikesAtUs < 0) return
    const { now } = this.#kernel
    const beyondUs = this.#strikesAtUs - now - intervalsToKeep * periodUs
    if (beyondUs < periodUs) return
    this.#leftOutUs = beyondUs - (beyondUs % periodUs)
    this.#kernel.cancel(this.#handle)
    this.#handle = this.#kernel.schedule(this.#strikesAtUs - now - this.#leftOutUs, this.id, 0)
  }
  receive(): void {
    if (!this.#hit(this.#leftOutUs)) {
      this.#kernel.schedule(RETRY_US, this.id, 0)
      return
    }
    this.struck += 1
    this.#strikesAtUs = -1
    if (this.#input.memoryless) this.#next()
  }
  /** A checkpoint fails where it would have become durable: its cost and its time are spent. */
  effect(effect: number): EffectFate {
    const { failedPerMillion } = this.#input
    if (effect !== E.metadata || failedPerMillion === 0) return NOTHING
    this.#written += 1
    return this.#kernel.decide(CHECKPOINT_FAILS, this.#written, MILLION) < failedPerMillion ? FAILS : NOTHING
  }
}

/**
 * Completed checkpoints after which an interval is like the one before: work is measured between two of them, and the first
 * may have been taken before the backlog was gone.
 */
const CHECKPOINTS_TO_SETTLE = 2

/** Measures a run while it goes on. */
class Meter extends QuietObserver {
  readonly cycles: Cycle[] = []
  readonly recoveries: Recovery[] = []
  readonly lagsUs: number[] = []
  completedCheckpoints = 0
  expiredCheckpoints = 0
  gaps = 0
  gapsUs = 0
  durationsUs = 0
  leftOutUs = 0
  #restored = -1
  #lastTriggerUs = -1
  #triggeredAt = new Map<number, number>()
  #syncedAt = new Map<number, number>()
  #basisAtUs = 0
  #execution = 0
  #boundaryUs = 0
  #boundaryPosition = 0
  #readTo = 0
  #downSinceUs = -1
  #failuresInRecovery = 0
  #peakLagUs = 0
  #exposedInRecovery = false
  #caughtUp = false
  #firstExecution = 0
  #leftOutUs = 0
  #completedInARow = 0
  #settled = false
  /** Time and place of the first and the last snapshot of the execution. */
  #firstSyncUs = -1
  #firstSyncAt = 0
  #lastSyncUs = -1
  #lastSyncAt = 0
  readonly #input: SimulatedJobInput
  readonly #now: () => number
  readonly #onRunning: () => void
  readonly #onSettled: () => void

  constructor(input: SimulatedJobInput, now: () => number, onRunning: () => void, onSettled: () => void) {
    super()
    this.#input = input
    this.#now = now
    this.#onRunning = onRunning
    this.#onSettled = onSettled
  }
  override fork(basis: CompletedCheckpoint | null, execution: number): number {
    const id = basis?.id ?? 0
    if (id === this.#restored && execution > 1) this.#exposedInRecovery = true
    this.#restored = id
    this.#basisAtUs = id === 0 ? 0 : this.#syncedAt.get(id)!
    this.#syncedAt = new Map(id === 0 ? [] : [[id, this.#basisAtUs]])
    this.#triggeredAt.clear()
    this.#lastTriggerUs = -1
    return execution
  }
  /** A failure has struck, in an uptime of which this much was left out. */
  failed(leftOutUs: number): void {
    this.#leftOutUs += leftOutUs
    this.leftOutUs += leftOutUs
    if (this.#downSinceUs >= 0) this.#failuresInRecovery += 1
    else if (this.#input.arrivalEveryUs !== null && this.#caughtUp) {
      this.#downSinceUs = this.#now()
      this.#failuresInRecovery = 1
      this.#exposedInRecovery = false
      this.#peakLagUs = 0
    }
    this.#caughtUp = false
    // A checkpoint may still complete before the failure is seen: nothing repeats itself any more.
    this.#settled = true
  }
  override read(attempt: Attempt, _split: number, position: number): void {
    if (attempt.execution !== this.#execution) this.#workGoesOn(attempt.execution, position)
    this.#readTo = position + 1
  }
  #workGoesOn(execution: number, position: number): void {
    const now = this.#now()
    const { arrivalEveryUs, recordUs } = this.#input
    const first = this.#execution === 0
    // Caught up, the job had read all that had arrived before the snapshot; with a backlog, what its position says.
    const oldestUs = arrivalEveryUs === null ? this.#basisAtUs : Math.min(this.#basisAtUs, position * arrivalEveryUs)
    const lagUs = now - oldestUs
    if (!first) {
      this.lagsUs.push(lagUs)
      if (lagUs > this.#peakLagUs) this.#peakLagUs = lagUs
      // The first execution takes its first checkpoint at a random time, the others after one interval: it does not count.
      if (this.#execution > this.#firstExecution)
        this.cycles.push({
          workUs: (position - this.#boundaryPosition) * recordUs + this.#leftOutWorkUs(),
          lostUs: (this.#readTo - position) * recordUs,
          wallUs: now - this.#boundaryUs + this.#leftOutUs,
        })
    } else this.#firstExecution = execution
    this.#execution = execution
    this.#boundaryUs = now
    this.#boundaryPosition = position
    this.#leftOutUs = 0
    this.#firstSyncUs = -1
    this.#completedInARow = 0
    this.#settled = false
    this.#onRunning()
  }
  /** Work of the intervals that were left out: at the rate between the first and the last snapshot of the execution. */
  #leftOutWorkUs(): number {
    if (this.#leftOutUs === 0) return 0
    const rate = (this.#lastSyncAt - this.#firstSyncAt) / (this.#lastSyncUs - this.#firstSyncUs)
    return this.#leftOutUs * rate * this.#input.recordUs
  }
  /** The reader waits for this record: the backlog is gone. */
  waits(position: number, arrivesAtUs: number): void {
    if (this.#caughtUp) return
    this.#caughtUp = true
    if (this.#downSinceUs >= 0) this.#recovered(position, arrivesAtUs)
    // The checkpoints that count were taken without a backlog: what an older one restores is further behind than its age.
    this.#completedInARow = 0
  }
  /** Tells, once an execution, that every interval is like the one before from now on. */
  #settle(): void {
    if (this.#settled || this.#completedInARow < CHECKPOINTS_TO_SETTLE) return
    if (this.#input.arrivalEveryUs !== null && !this.#caughtUp) return
    this.#settled = true
    this.#onSettled()
  }
  #recovered(position: number, arrivesAtUs: number): void {
    const gapUs = this.#input.arrivalEveryUs!
    const now = this.#now()
    // A record is a batch: the moment at which the last real one was read lies within it, before or after, on the straight
    // line from the arrivals after the restored snapshot to those that are waited for.
    const loadOverSpare = this.#input.recordUs / (gapUs - this.#input.recordUs)
    const sinceSnapshotUs = this.#boundaryPosition * gapUs - this.#basisAtUs
    const withinUs = (Math.min(gapUs, Math.max(0, sinceSnapshotUs)) - (arrivesAtUs - now)) * loadOverSpare
    this.recoveries.push({
      recoveryUs: Math.max(0, now - this.#downSinceUs + (position === this.#boundaryPosition ? 0 : withinUs)),
      peakLagUs: this.#peakLagUs,
      failures: this.#failuresInRecovery,
      exposed: this.#exposedInRecovery,
    })
    this.#downSinceUs = -1
  }
  override sync(attempt: Attempt, checkpoint: number): void {
    if (attempt.vertex !== WORK) return
    const now = this.#now()
    this.#syncedAt.set(checkpoint, now)
    if (this.#firstSyncUs < 0) {
      this.#firstSyncUs = now
      this.#firstSyncAt = this.#readTo
    }
    this.#lastSyncUs = now
    this.#lastSyncAt = this.#readTo
  }
  override triggered(checkpoint: number): void {
    const now = this.#now()
    if (this.#lastTriggerUs >= 0) {
      this.gaps += 1
      this.gapsUs += now - this.#lastTriggerUs
    }
    this.#lastTriggerUs = now
    this.#triggeredAt.set(checkpoint, now)
  }
  override completed(checkpoint: number): void {
    this.completedCheckpoints += 1
    this.durationsUs += this.#now() - this.#triggeredAt.get(checkpoint)!
    this.#triggeredAt.delete(checkpoint)
    // Older ones are subsumed: no restart falls back to them any more.
    for (const id of this.#syncedAt.keys()) if (id < checkpoint) this.#syncedAt.delete(id)
    this.#completedInARow += 1
    this.#settle()
  }
  override expired(): void {
    this.expiredCheckpoints += 1
  }
}

/** A cluster with the generated job, used for one run after the other. */
export class SimulatedJob {
  readonly #kernel = new Kernel()
  readonly #cluster: Cluster
  readonly #failures: Failures
  #meter: Meter | null = null

  constructor() {
    const kernel = this.#kernel
    this.#cluster = new Cluster(kernel, GRAPH, aligned, {}, 1)
    this.#failures = new Failures(kernel, (leftOutUs) => {
      if (!this.#cluster.crashTask('work', 0)) return false
      this.#meter!.failed(leftOutUs)
      return true
    })
    this.#failures.id = kernel.register(this.#failures, kernel.process())
  }
  /** A pure function of the input, whatever ran before. */
  run(input: SimulatedJobInput): SimulatedRun {
    const kernel = this.#kernel
    const failures = this.#failures
    kernel.reset(input.seed)
    const meter = new Meter(
      input,
      () => kernel.now,
      () => {
        if (failures.struck >= input.failures) kernel.stop()
        else failures.running()
      },
      () => failures.settled(),
    )
    this.#meter = meter
    failures.start(input)
    this.#cluster.start(planOf(input), meter, failures, new Map([[WORK, [splitOf(input, meter, kernel)]]]))
    const reason = kernel.run(input.mostSteps, Number.MAX_SAFE_INTEGER)
    const { completedCheckpoints: completed, expiredCheckpoints: expired, gaps, gapsUs, durationsUs } = meter
    return {
      cycles: meter.cycles,
      recoveries: meter.recoveries,
      lagsUs: meter.lagsUs,
      checkpoints: { completed, expired, gaps, gapsUs, durationsUs },
      steps: kernel.steps,
      virtualUs: kernel.now + meter.leftOutUs,
      complete: reason === 'stopped',
    }
  }
}

function splitOf({ arrivalEveryUs }: SimulatedJobInput, meter: Meter, kernel: Kernel): Split {
  const split: Split = { id: 'arrivals', length: NO_LIMIT, read: () => 0 }
  if (arrivalEveryUs === null) return split
  return {
    ...split,
    arrivesAtUs(position) {
      const arrivesAtUs = position * arrivalEveryUs
      if (arrivesAtUs > kernel.now) meter.waits(position, arrivesAtUs)
      return arrivesAtUs
    },
  }
}

/** Costs of the source come with a jitter of 0 to 19 units. */
const MEAN_JITTER_UNITS = 10

function planOf(input: SimulatedJobInput): Plan {
  return {
    engine: 0,
    scenario: 'simulated-job',
    protocol: aligned.name,
    seed: input.seed,
    records: NO_LIMIT,
    parallelism: { work: 1, tail: 1 },
    taskManagers: 1,
    timing: {
      unitUs: UNIT_US,
      sourceCostUs: input.recordUs - MEAN_JITTER_UNITS * UNIT_US,
      operatorCostUs: UNIT_US,
      channelCapacity: 4,
      checkpointIntervalUs: input.intervalUs,
      checkpointTimeoutUs: Math.max(LEAST_TIMEOUT_US, 2 * input.latencyUs),
      minPauseUs: input.minPauseUs,
      maxConcurrentCheckpoints: 1,
      tolerableFailedCheckpoints: NO_LIMIT,
      retainedCheckpoints: 1,
      restartDelayUs: 0,
      restartAttempts: NO_LIMIT,
      snapshotCostUs: input.costUs,
      putTimeUs: input.latencyUs,
      restoreTimeUs: input.downtimeUs,
    },
    faults: [],
    overrides: [],
  }
}
