/**
 * The minimum pause lies between the completion of a checkpoint and the trigger of the next one. Where several may be on their
 * way at once, one may complete between the decision to trigger and the trigger itself, so that nothing follows: only jobs with
 * one at a time are judged. Flink: CheckpointRequestDecider; execution.checkpointing.min-pause.
 */
import { finding, type Reporter, type World } from './world.ts'

const NEVER = Number.NEGATIVE_INFINITY

export class PaceOracle {
  readonly #world: World
  readonly #reporter: Reporter
  #completed = 0
  #completedAtUs = NEVER
  /** Of the leader that has completed it: the next one knows of no pause. */
  #epoch = 0
  constructor(world: World, reporter: Reporter) {
    this.#world = world
    this.#reporter = reporter
  }
  reset(): void {
    this.#completedAtUs = NEVER
  }
  completed(checkpoint: number, epoch = 0): void {
    this.#epoch = epoch
    this.#completed = checkpoint
    this.#completedAtUs = this.#world.now()
  }
  triggered(checkpoint: number, epoch = 0): void {
    if (epoch !== this.#epoch) return
    const { maxConcurrentCheckpoints, minPauseUs } = this.#world.plan().timing
    const pauseUs = this.#world.now() - this.#completedAtUs
    if (maxConcurrentCheckpoints > 1 || pauseUs >= minPauseUs) return
    this.#reporter.report(
      finding(
        'pace',
        'within-minimum-pause',
        `Checkpoint ${checkpoint} was triggered ${(pauseUs / 1000).toFixed(0)} ms after checkpoint ${this.#completed} was complete; the minimum pause is ${(minPauseUs / 1000).toFixed(0)} ms.`,
        { expected: minPauseUs, actual: pauseUs },
      ),
    )
  }
}
