/**
 * The job makes progress: completed cuts, source positions and commits rise (branches do not count). Bounds grow with the
 * work that is left.
 *
 * *Frozen*: the job runs, there is work, and no user function of the live branch has been called for a span although no fault
 * explains it. A fault explains a standstill until its effect and the checkpoints it may have hit have ended and the next
 * barriers can have come: a lost trigger keeps aligned tasks waiting until then. Without this rule a deadlock that expiry and a
 * restart heal would never be seen.
 */
import { finding, type Reporter, type World } from './world.ts'

/** Spans in the plan's time units. */
const FROZEN = 500
const QUIET_BASE = 3000
/** Looks at the job this often. */
export const WATCH_EVERY = 250
/** Restarts that no new fault explains: more than these are one too many. */
const FAULTLESS_RESTARTS = 6

export class ProgressOracle {
  readonly #world: World
  readonly #reporter: Reporter
  #lastCall = 0
  #runningSince = 0
  #positions = 0
  #highest: Map<number, number[]> = new Map()
  #completed = 0
  #commits = 0
  #mark = 0
  #movedAt = 0
  #faultlessRestarts = 0
  #strikesAtRestart = -1
  /** Checkpoints that ran into their timeout although no fault had an effect on them, while the job was at work. */
  #naturalExpiries = 0
  /** Until when a standstill is the effect of a fault. */
  #excusedUntil = 0
  readonly #giveUp: () => void
  /** @param giveUp ends a run that cannot go on because an assumption is broken */
  constructor(world: World, reporter: Reporter, giveUp: () => void) {
    this.#world = world
    this.#reporter = reporter
    this.#giveUp = giveUp
  }
  reset(): void {
    this.#lastCall = 0
    this.#runningSince = 0
    this.#positions = 0
    this.#highest = new Map()
    this.#completed = 0
    this.#commits = 0
    this.#mark = 0
    this.#movedAt = 0
    this.#faultlessRestarts = 0
    this.#strikesAtRestart = -1
    this.#naturalExpiries = 0
    this.#excusedUntil = 0
  }
  called(): void {
    this.#lastCall = this.#world.now()
  }
  read(source: number, split: number, position: number): void {
    let highest = this.#highest.get(source)
    if (highest === undefined) {
      highest = this.#world.splitLengths(source).map(() => 0)
      this.#highest.set(source, highest)
    }
    if (position < highest[split]!) return
    highest[split] = position + 1
    this.#positions += 1
  }
  entryDurable(checkpoint: number): void {
    if (checkpoint > this.#completed) this.#completed = checkpoint
  }
  committed(): void {
    this.#commits += 1
  }
  jobRunning(): void {
    this.#runningSince = this.#world.now()
  }
  restarting(): void {
    const strikes = this.#world.strikes()
    this.#faultlessRestarts = strikes === this.#strikesAtRestart ? this.#faultlessRestarts + 1 : 0
    this.#strikesAtRestart = strikes
  }
  /** A timeout below the natural duration breaks an assumption of the contract; a job that stands still is for `frozen`. */
  expired(triggeredAtUs: number): void {
    if (this.#world.lastFaultUntil() < triggeredAtUs && this.#lastCall > triggeredAtUs) this.#naturalExpiries += 1
  }
  /** @param explained whether the plan has broken an assumption that a sink may insist on, such as a transaction that is gone */
  jobFailed(explained: boolean): void {
    if (this.#naturalExpiries > 0) {
      this.#reporter.assumption('checkpoint-timeout-over-duration')
      return
    }
    if (explained || this.#faultlessRestarts <= FAULTLESS_RESTARTS) {
      this.#reporter.assumption('restart-budget')
      return
    }
    this.#reporter.report(
      finding(
        'progress',
        'gave-up-without-faults',
        `The job gave up after ${this.#faultlessRestarts} restarts that no new fault explains.`,
        { class: 'liveness' },
      ),
    )
  }
  watch(): void {
    const { timing } = this.#world.plan()
    const now = this.#world.now()
    const unit = timing.unitUs
    const faultEnd = this.#world.lastFaultUntil()
    const mark = this.#completed + this.#positions + this.#commits
    if (mark !== this.#mark) {
      this.#mark = mark
      this.#movedAt = now
    }
    const untilNextBarriers = timing.checkpointIntervalUs + timing.minPauseUs + FROZEN * unit
    if (this.#world.oldestPendingUs() <= faultEnd) this.#excusedUntil = now + untilNextBarriers
    else if (faultEnd > 0) this.#excusedUntil = Math.max(this.#excusedUntil, faultEnd + untilNextBarriers)
    // readers that wait for a split are at rest, not frozen
    if (!this.#world.workLeft()) this.#lastCall = now
    const frozenFor = now - Math.max(this.#lastCall, this.#runningSince)
    if (
      this.#world.jobRuns() &&
      frozenFor > FROZEN * unit + this.#slowestCall() + this.#controlElements() &&
      now > this.#excusedUntil
    ) {
      this.#stuck(
        'frozen',
        `The job runs and has work, but no user function was called for ${(frozenFor / 1000).toFixed(0)} ms`,
      )
      return
    }
    const atWork = 4 * (timing.checkpointTimeoutUs + timing.checkpointIntervalUs) + QUIET_BASE * unit
    const bound = atWork + this.#longestRestartDelay()
    if (now - Math.max(this.#movedAt, faultEnd) <= bound) return
    if (this.#naturalExpiries > 0) {
      this.#reporter.assumption('checkpoint-timeout-over-duration')
      this.#giveUp()
    } else
      this.#stuck(
        'no-progress',
        `Nothing was read, committed or completed for ${((now - this.#movedAt) / 1000).toFixed(0)} ms`,
      )
  }
  /** Longest time between two reads that a source's rate allows. */
  #slowestCall(): number {
    let slowest = 0
    for (const vertex of this.#world.graph.vertices)
      if (vertex.source?.ratePerSecond !== undefined)
        slowest = Math.max(slowest, Math.ceil(1_000_000 / vertex.source.ratePerSecond))
    return slowest
  }
  /** A barrier and the end of the data from each input of the widest task may come in a row, and none calls a user function. */
  #controlElements(): number {
    let widest = 0
    for (const { inputs } of this.#world.layout.vertices) if (inputs.length > widest) widest = inputs.length
    return 2 * widest * this.#world.plan().timing.operatorCostUs
  }
  /** What the job has asked for; a drawn delay is short and lies within the quiet time. */
  #longestRestartDelay(): number {
    const { restart, restartDelayMs = 0 } = this.#world.graph.settings
    if (restart === undefined) return restartDelayMs * 1000
    return (restart.type === 'exponential-delay' ? restart.maxMs : restart.delayMs) * 1000
  }
  #stuck(kind: string, what: string): void {
    this.#reporter.report(
      finding('progress', kind, `${what}: ${this.#world.describeTasks().join('; ')}.`, { class: 'liveness' }),
    )
  }
  /** The run ended in an idle simulator or at a limit without the job being done. */
  neverDone(how: string): void {
    this.#stuck('stuck', `The job did not come to an end (${how})`)
  }
}
