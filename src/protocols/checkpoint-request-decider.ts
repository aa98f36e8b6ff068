/**
 * Requests that wait, and which of them is next. Flink: CheckpointRequestDecider.
 *
 * ```
 *   savepoints, then forced, then others that somebody asked for, then periodic ones; each in the order they came
 * ```
 *
 * A forced request needs no free slot: savepoints of a job with aligned checkpoints are. A periodic one that would start within
 * the minimum pause, which begins at the last *completion*, is dropped: the schedule goes on at the end of the pause. At most
 * one is dropped at a look, so how many there are left depends on how often one looks.
 */
import { fields } from '../kernel/index.ts'
import { CHECKPOINT, NOBODY } from '../model/index.ts'
import { checkpointRequest, isPeriodic, kindOf } from './checkpoint-request.ts'

/** Flink: DEFAULT_MAX_QUEUED_REQUESTS. */
const MOST_QUEUED = 1000
/** All periodic requests are alike: the queue counts them. */
const PERIODIC = checkpointRequest(CHECKPOINT, true, NOBODY)

/** What a look at the queue leads to. */
export const WAIT = 0
/** The first request is to be taken. */
export const START = 1
/** The first request has been dropped: the schedule is to go on at the end of the pause. */
export const POSTPONE = 2
export type Decision = typeof WAIT | typeof START | typeof POSTPONE

/** What the decision depends on besides the queue. */
export interface DeciderView {
  readonly pendingCheckpoints: number
  readonly maxConcurrentCheckpoints: number
  /** Checkpoints whose files are being deleted. */
  readonly cleaning: number
  /** Microseconds until a periodic checkpoint may start; not above 0: now. */
  readonly pauseLeftUs: number
}

export class CheckpointRequestDecider extends fields({ periodic: 'int' }) {
  /** What somebody asked for, in order. */
  #asked: number[] = []
  readonly #savepointsForced: boolean

  /** @param savepointsForced whether savepoints may start although all slots are taken */
  constructor(savepointsForced: boolean) {
    super()
    this.#savepointsForced = savepointsForced
  }
  clear(): void {
    this.periodic = 0
    this.#asked = []
  }
  get size(): number {
    return this.periodic + this.#asked.length
  }
  /**
   * Puts a request into the queue.
   * @returns the request that finds no place there: this one, or a periodic one that gives way; -1: none
   */
  add(request: number): number {
    if (this.size >= MOST_QUEUED && this.periodic === 0) return request
    if (isPeriodic(request)) this.periodic += 1
    else {
      const behind = this.#asked.findIndex((other) => this.#rank(other) > this.#rank(request))
      this.#asked.splice(behind < 0 ? this.#asked.length : behind, 0, request)
    }
    if (this.size <= MOST_QUEUED) return -1
    this.periodic -= 1
    return PERIODIC
  }
  #rank(request: number): number {
    return kindOf(request) === CHECKPOINT ? 1 : 0
  }
  #forced(request: number): boolean {
    return this.#savepointsForced && kindOf(request) !== CHECKPOINT
  }
  decide(view: DeciderView): Decision {
    if (this.size === 0 || view.cleaning > view.maxConcurrentCheckpoints) return WAIT
    const first = this.#asked[0] ?? PERIODIC
    if (view.pendingCheckpoints >= view.maxConcurrentCheckpoints) return this.#forced(first) ? START : WAIT
    if (first !== PERIODIC || view.pauseLeftUs <= 0) return START
    this.periodic -= 1
    return POSTPONE
  }
  /** Takes the first request out of the queue. */
  take(): number {
    const asked = this.#asked.shift()
    if (asked !== undefined) return asked
    if (this.periodic === 0) throw new Error('a request is to be taken, but none waits: decide first')
    this.periodic -= 1
    return PERIODIC
  }
}
