/**
 * Makes a failing plan small. The predicate is "the same fingerprint", not "fails": with two bugs about, "fails" slips into the
 * other one in half of all shrinks.
 *
 * ```
 *   drop the faults that never struck
 *   repeat until nothing changes:
 *     fewer faults           (halves first, then one by one)
 *     times -> anchors       (the phases around a fault's time; before the workload shrinks, or the times would mean nothing)
 *     parallelism one        (while there is work enough to fail with)
 *     fewer records
 *     calm settings
 *     early anchors
 *   round the times that are left
 * ```
 *
 * Every step proposes plans that are simpler in one respect; the first one that keeps the fingerprint becomes the new plan.
 * Where a much smaller plan passes, it is tried under a few other seeds (other latencies), and with its faults at the first
 * occurrence of every phase: nothing is lost by another seed, and few small runs cost as much as one large one.
 */
import { JobError, type JobGraph } from '../dataflow/index.ts'
import { type Fault, type Finding, PHASE_NAMES, type Plan, type Timing } from '../model/index.ts'
import { anchorsNear, easierAnchors, weightOf } from './anchors.ts'
import { type PhaseOccurrence, phasesOf } from './phase-log.ts'
import { canonicalPlan, isTimed } from './plan-codec.ts'
import type { Runner, RunResult } from './runner.ts'

export interface ShrinkOptions {
  /** Runs at most; 2,000 if left out. What has been reached by then is the result. */
  readonly evaluations?: number
  /** Asked before every run: true ends the shrinking with what has been reached. */
  readonly stop?: () => boolean
}
/** How large a plan is. */
export interface PlanSize {
  readonly faults: number
  /** Records that the sources have to read. */
  readonly records: number
  /** The greatest parallelism of a vertex. */
  readonly parallelism: number
}
export interface ShrinkResult {
  readonly plan: Plan
  /** The finding of the small plan; its fingerprint is the one that was to be kept. */
  readonly finding: Finding
  readonly digest: string
  /** Runs that were needed. */
  readonly evaluations: number
  readonly from: PlanSize
  readonly to: PlanSize
}

const EVALUATIONS = 2000
const ROUNDS = 5
/** Record counts that are tried from below; the runs are short, so that the useless ones cost little. */
const FEW_RECORDS = [1, 2, 3, 4, 6, 8, 10]
/** Anchors that are tried for the crash of a task in place of another fault. */
const CRASH_ANCHORS = 6
/** Other seeds that a much smaller plan is tried under. */
const SEEDS = 4
/** Steps to which times are rounded, microseconds. */
const ROUND_US = [1_000_000, 100_000, 10_000, 1000]

/**
 * @param finding what the plan fails with; its fingerprint is kept
 * @throws RangeError if the plan does not fail with this fingerprint
 */
export function shrink(
  runner: Runner,
  plan: Plan,
  finding: Pick<Finding, 'fingerprint'>,
  options: ShrinkOptions = {},
): ShrinkResult {
  return new Shrinker(runner, finding.fingerprint, options).shrink(plan)
}

class Shrinker {
  readonly #runner: Runner
  readonly #fingerprint: string
  readonly #budget: number
  readonly #stop: () => boolean
  /** By canonical plan: the result if it fails as it should, else null. */
  readonly #known = new Map<string, RunResult | null>()
  #evaluations = 0
  /** False if the finding comes without twins, too: runs are cheaper then. */
  #twinned = true
  #best!: Plan
  #bestResult!: RunResult

  constructor(runner: Runner, fingerprint: string, options: ShrinkOptions) {
    this.#runner = runner
    this.#fingerprint = fingerprint
    this.#budget = options.evaluations ?? EVALUATIONS
    this.#stop = options.stop ?? (() => false)
  }

  shrink(plan: Plan): ShrinkResult {
    this.#begin(plan)
    const from = this.#sizeOf(plan)
    this.#try({ ...plan, records: from.records })
    this.#keepFired()
    for (let round = 0, before = ''; round < ROUNDS && before !== canonicalPlan(this.#best); round += 1) {
      before = canonicalPlan(this.#best)
      this.#fewerOverrides()
      this.#fewerFaults()
      this.#betterAnchors()
      this.#plainCrashes()
      this.#lessParallelism()
      this.#fewerRecords()
      this.#calm()
      this.#earlierAnchors()
      this.#roundTimes()
    }
    const { finding, digest } = this.#bestResult
    return {
      plan: this.#best,
      finding: finding!,
      digest,
      evaluations: this.#evaluations,
      from,
      to: this.#sizeOf(this.#best),
    }
  }

  // runs

  #begin(plan: Plan): void {
    const first = this.#run(plan, true)
    if (first?.finding?.fingerprint !== this.#fingerprint)
      throw new RangeError(
        `the plan was to be shrunk for ${this.#fingerprint}, but its run ${first?.finding ? `fails with ${first.finding.fingerprint}` : 'passes'}: take the finding of this very plan and mutation`,
      )
    this.#best = plan
    this.#bestResult = first
    this.#twinned = this.#run(plan, false)?.finding?.fingerprint !== this.#fingerprint
  }
  /** Null if the job cannot be built like this. */
  #run(plan: Plan, twinned: boolean): RunResult | null {
    this.#evaluations += 1
    try {
      return this.#runner.run(plan, { twinned })
    } catch (error) {
      if (error instanceof JobError) return null
      throw error
    }
  }
  /** Takes the plan if it keeps the fingerprint. */
  #try(plan: Plan): boolean {
    const key = canonicalPlan(plan)
    if (key === canonicalPlan(this.#best)) return false
    let result = this.#known.get(key)
    if (result === undefined) {
      if (this.#evaluations >= this.#budget || this.#stop()) return false
      const made = this.#run(plan, this.#twinned)
      result = made?.finding?.fingerprint === this.#fingerprint ? made : null
      this.#known.set(key, result)
    }
    if (result === null) return false
    this.#best = plan
    this.#bestResult = result
    return true
  }
  #tryFirst(plans: Iterable<Plan>): boolean {
    for (const plan of plans) if (this.#try(plan)) return true
    return false
  }
  /** Each plan as it is, and then under a few other seeds: latencies that let it fail, too. */
  #trySeeds(plans: readonly Plan[], seeds: number): boolean {
    return this.#tryFirst(plans) || this.#tryFirst(otherSeeds(plans, seeds))
  }
  /** The job with the parallelism of a plan. */
  #graph(plan: Plan): JobGraph {
    return this.#runner.scenario.graph(plan.parallelism)
  }
  #sizeOf(plan: Plan): PlanSize {
    // "all records" is a number without meaning: count what there is
    const there = this.#graph(plan)
      .vertices.flatMap(({ source }) => source?.splits(plan.records, () => 0) ?? [])
      .reduce((sum, split) => sum + split.length, 0)
    return {
      faults: plan.faults.length,
      records: Math.min(plan.records, Math.max(1, there)),
      parallelism: Math.max(1, ...Object.values(plan.parallelism)),
    }
  }

  // faults and overrides

  #keepFired(): void {
    const { fired } = this.#bestResult
    this.#try({ ...this.#best, faults: this.#best.faults.filter((_, i) => fired[i] === true) })
  }
  #fewerFaults(): void {
    this.#fewer(
      () => this.#best.faults,
      (faults) => ({ ...this.#best, faults }),
    )
  }
  #fewerOverrides(): void {
    this.#fewer(
      () => this.#best.overrides,
      (overrides) => ({ ...this.#best, overrides }),
    )
  }
  /** Leaves parts out: all, then halves, down to single ones. Zeller and Hildebrandt 2002: ddmin, complements only. */
  #fewer<T>(held: () => readonly T[], without: (rest: readonly T[]) => Plan): void {
    let size = held().length
    while (size >= 1) {
      let left = false
      for (let at = 0; at < held().length; ) {
        const rest = held().filter((_, i) => i < at || i >= at + size)
        if (this.#trySeeds([without(rest)], SEEDS)) left = true
        else at += size
      }
      size = left ? Math.min(size, held().length) : size >> 1
    }
  }
  #withFault(index: number, fault: Fault): Plan {
    return { ...this.#best, faults: this.#best.faults.map((old, i) => (i === index ? fault : old)) }
  }

  /** A time says nothing once anything else changes: "right after the second acknowledgement" does. */
  #betterAnchors(): void {
    let log: readonly PhaseOccurrence[] | null = null
    for (let i = 0; i < this.#best.faults.length; i += 1) {
      const fault = this.#best.faults[i]!
      if (weightOf(fault.when) === 1) continue
      if (log === null) {
        this.#evaluations += 1
        log = phasesOf(this.#runner, this.#best)
      }
      const anchors = easierAnchors(log, fault)
      if (this.#tryFirst(anchors.map((when) => this.#withFault(i, { ...fault, when })))) log = null
    }
  }
  /** The crash of one task is what everybody knows: is it enough? */
  #plainCrashes(): void {
    for (let i = 0; i < this.#best.faults.length; i += 1) {
      const fault = this.#best.faults[i]!
      if (fault.what === 'crash-task') continue
      this.#evaluations += 1
      const anchors = anchorsNear(phasesOf(this.#runner, this.#best), fault).slice(0, CRASH_ANCHORS)
      const crashes = Object.keys(this.#best.parallelism).flatMap((operator) =>
        anchors.map((when): Fault => ({ what: 'crash-task', target: { operator, subtask: 0 }, when })),
      )
      this.#tryFirst(crashes.map((crash) => this.#withFault(i, crash)))
    }
  }
  #earlierAnchors(): void {
    for (let i = 0; i < this.#best.faults.length; i += 1) {
      const fault = this.#best.faults[i]!
      if (isTimed(fault.when)) continue
      const { phase, nth, restore } = fault.when
      const counts = [1, 2, 3, nth >> 1, nth - 1].filter((n, k, all) => n >= 1 && n < nth && all.indexOf(n) === k)
      const earlier = (n: number): Fault => ({
        ...fault,
        when: restore === undefined ? { phase, nth: n } : { phase, nth: n, restore },
      })
      const fromStart = restore === undefined ? [] : [1, 2, nth].map((n) => ({ ...fault, when: { phase, nth: n } }))
      this.#tryFirst([...fromStart, ...counts.map(earlier)].map((simpler) => this.#withFault(i, simpler)))
    }
  }

  // workload

  #fewerRecords(): void {
    for (const records of FEW_RECORDS) if (this.#trySeeds(this.#withRecords(records), SEEDS)) break
    if (this.#best.records > FEW_RECORDS.at(-1)!)
      this.#tryFirst(sweep(FEW_RECORDS.map((records) => this.#withRecords(records)[1]!)))
    for (let step = this.#best.records >> 1; step >= 1; step = Math.min(step, this.#best.records >> 1)) {
      if (!this.#trySeeds(this.#withRecords(this.#best.records - step), 2)) step >>= 1
    }
  }
  /** As it is; with sources slower by as much, so that the run lasts as long; and with narrow channels, which fill up sooner. */
  #withRecords(records: number): Plan[] {
    const { records: before, timing } = this.#best
    if (records >= before) return []
    const slower = Math.min(Math.floor((timing.sourceCostUs * before) / records), timing.checkpointIntervalUs)
    const timings = [timing, { ...timing, sourceCostUs: slower }, { ...timing, channelCapacity: 1 }]
    return timings.map((changed) => ({ ...this.#best, records, timing: changed }))
  }

  /** Everything to one, else vertex by vertex; and one task manager. */
  #lessParallelism(): void {
    const { parallelism } = this.#best
    const uids = Object.keys(parallelism)
    const one = Object.fromEntries(uids.map((uid) => [uid, 1]))
    const alone = this.#withParallelism(one)
    if (!this.#trySeeds(alone, 2 * SEEDS) && !this.#tryFirst(sweep(alone.slice(0, 1))))
      for (const uid of uids) {
        const now = this.#best.parallelism
        if (now[uid]! > 1) this.#trySeeds(this.#withParallelism({ ...now, [uid]: 1 }), SEEDS)
      }
    if (this.#best.taskManagers > 1) this.#try(remapped({ ...this.#best, taskManagers: 1 }, this.#best.faults))
  }
  /** With the faults as they are, and with counts that shrink as the number of tasks does. */
  #withParallelism(parallelism: Readonly<Record<string, number>>): Plan[] {
    const best = this.#best
    const tasks = (of: Readonly<Record<string, number>>): number => Object.values(of).reduce((sum, n) => sum + n, 0)
    const share = tasks(parallelism) / tasks(best.parallelism)
    if (share >= 1) return []
    const fewer = best.faults.map((fault) =>
      isTimed(fault.when)
        ? fault
        : { ...fault, when: { ...fault.when, nth: Math.max(1, Math.ceil(fault.when.nth * share)) } },
    )
    return [best.faults, fewer].map((faults) => remapped({ ...best, parallelism }, faults))
  }

  /** Flink's defaults, and costs in the middle; what the job itself has set stays. */
  #calm(): void {
    const { settings } = this.#graph(this.#best)
    const { unitUs } = this.#best.timing
    const calm: Partial<Timing> = {
      ...(settings.maxConcurrentCheckpoints === undefined && { maxConcurrentCheckpoints: 1 }),
      ...(settings.minPauseMs === undefined && { minPauseUs: 0 }),
      ...(settings.retainedCheckpoints === undefined && { retainedCheckpoints: 1 }),
      ...(settings.tolerableFailedCheckpoints === undefined && { tolerableFailedCheckpoints: 0 }),
      ...(settings.checkpointTimeoutMs === undefined && { checkpointTimeoutUs: 2500 * unitUs }),
      channelCapacity: 4,
      sourceCostUs: 10 * unitUs,
      operatorCostUs: 8 * unitUs,
    }
    const withTiming = (changed: Partial<Timing>): Plan => ({
      ...this.#best,
      timing: { ...this.#best.timing, ...changed },
    })
    if (this.#try(withTiming(calm))) return
    for (const [setting, value] of Object.entries(calm)) this.#try(withTiming({ [setting]: value }))
  }

  #roundTimes(): void {
    for (let i = 0; i < this.#best.faults.length; i += 1) {
      const { when, forUs } = this.#best.faults[i]!
      if (isTimed(when))
        this.#tryFirst(rounded(when.at).map((at) => this.#withFault(i, { ...this.#best.faults[i]!, when: { at } })))
      if (forUs !== undefined)
        this.#tryFirst(rounded(forUs).map((us) => this.#withFault(i, { ...this.#best.faults[i]!, forUs: us })))
    }
  }
}

/** The same faults at other moments: each process fault at the first occurrence of each phase. */
function* sweep(plans: readonly Plan[]): Generator<Plan> {
  for (const plan of plans)
    for (const fault of plan.faults) {
      if (typeof fault.target === 'object' && 'effect' in fault.target) continue
      for (const phase of PHASE_NAMES) {
        const moved = { ...fault, when: { phase, nth: 1 } }
        yield { ...plan, faults: plan.faults.map((old) => (old === fault ? moved : old)) }
      }
    }
}

function* otherSeeds(plans: readonly Plan[], seeds: number): Generator<Plan> {
  for (let i = 0; i < seeds; i += 1)
    for (const plan of plans) yield { ...plan, seed: `${plan.seed.slice(0, plan.seed.lastIndexOf('/') + 1)}${i}` }
}

/** Roles taken modulo the parallelism that the plan has now. */
function remapped(plan: Plan, faults: readonly Fault[]): Plan {
  return {
    ...plan,
    faults: faults.map((fault) => {
      const { target } = fault
      if (typeof target === 'string') return fault
      if ('operator' in target)
        return {
          ...fault,
          target: { ...target, subtask: target.subtask % (plan.parallelism[target.operator] ?? 1) },
        }
      if ('slots' in target) return fault
      return 'taskManager' in target
        ? { ...fault, target: { taskManager: target.taskManager % plan.taskManagers } }
        : fault
    }),
  }
}

/** Coarsest first; times that are round already give nothing. */
const rounded = (us: number): number[] => ROUND_US.filter((to) => us % to !== 0).map((to) => Math.round(us / to) * to)
