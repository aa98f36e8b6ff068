/**
 * When the next periodic request is due. The rate is fixed: each trigger is due one interval after the one before was due, so
 * that none that comes late moves those after it. Flink: CheckpointCoordinator.ScheduledTrigger, setIsProcessingBacklog.
 */
import { fields, site } from '../kernel/index.ts'
import { C, type CoordinatorWiring } from '../model/index.ts'

const FIRST_DELAY = site('first checkpoint delay')
const NEVER = Number.POSITIVE_INFINITY

export class CheckpointSchedule extends fields({
  /** 1 once it has begun for the first time. */
  begun: 'int',
  /** When the next trigger is due, Infinity: none is. */
  next: 'time',
  /** Handle of its timer. */
  tick: 'int',
}) {
  readonly #wiring: CoordinatorWiring
  readonly #intervalDuringBacklogUs: number
  /** Sources that work off a backlog. */
  readonly #backlogs = new Set<number>()

  /** @param intervalDuringBacklogUs microseconds; Infinity: no periodic checkpoints meanwhile */
  constructor(wiring: CoordinatorWiring, intervalDuringBacklogUs: number) {
    super()
    this.#wiring = wiring
    this.#intervalDuringBacklogUs = intervalDuringBacklogUs
  }
  reset(): void {
    this.begun = 0
    this.next = NEVER
    this.tick = -1
    this.#backlogs.clear()
  }
  /** An interval below the minimum pause makes no sense: it is raised to it. */
  #interval(): number {
    const { checkpointIntervalUs, minPauseUs } = this.#wiring.timing()
    const interval = this.#backlogs.size > 0 ? this.#intervalDuringBacklogUs : checkpointIntervalUs
    return Math.max(interval, minPauseUs)
  }
  /**
   * Begins at random within [minimum pause, interval]; if it has begun before, at the end of the minimum pause.
   * @param key of the random delay
   * @param tooEarly true if that trigger has come before all tasks ran, and failed: the next is one interval off
   */
  start(key: number, tooEarly: boolean): void {
    const { checkpointIntervalUs, minPauseUs } = this.#wiring.timing()
    const longest = Math.max(checkpointIntervalUs, minPauseUs)
    if (this.begun === 0)
      this.postpone(minPauseUs + this.#wiring.kernel.decide(FIRST_DELAY, key, longest - minPauseUs + 1))
    else this.postpone(tooEarly ? longest : minPauseUs)
    this.begun = 1
  }
  stop(): void {
    this.#wiring.kernel.cancel(this.tick)
    this.tick = -1
    this.next = NEVER
  }
  /** The next trigger is due in `delay` microseconds, and the rate goes on from there. */
  postpone(delay: number): void {
    this.#wiring.kernel.cancel(this.tick)
    this.#arm(this.#wiring.kernel.now + delay)
  }
  /** A trigger has come. */
  rearm(): void {
    const due = this.next + this.#interval()
    if (due === NEVER) this.stop()
    else this.#arm(due)
  }
  #arm(due: number): void {
    const { kernel, self } = this.#wiring
    this.next = due
    this.tick = kernel.schedule(Math.max(0, due - kernel.now), self, C.TICK)
  }
  /** A shorter interval counts at once, a longer one from the next trigger on. */
  noteBacklog(source: number, on: boolean): void {
    if (on) this.#backlogs.add(source)
    else this.#backlogs.delete(source)
    const interval = this.#interval()
    if (this.#wiring.kernel.now + interval < this.next) this.postpone(interval)
  }
}
