/** Leaders, notices and restarts: fenced writes, notified ids that are durable and rise, restarts that name a real failure. */
import { type Attempt, type CompletedCheckpoint, subtaskName } from '../model/index.ts'
import { finding, type Reporter, type World } from './world.ts'

export class CoordinationOracle {
  readonly #world: World
  readonly #reporter: Reporter
  /** Checkpoints that have ever been durable. */
  readonly #durable = new Set<number>()
  readonly #failed = new Set<number>()
  /** Newest id that an attempt was notified of. */
  readonly #notified = new Map<number, number>()
  constructor(world: World, reporter: Reporter) {
    this.#world = world
    this.#reporter = reporter
  }
  reset(): void {
    this.#durable.clear()
    this.#failed.clear()
    this.#notified.clear()
  }
  #report(kind: string, message: string): void {
    this.#reporter.report(finding('coordination', kind, message))
  }
  entryDurable(entry: CompletedCheckpoint, storeEpoch: number): void {
    this.#durable.add(entry.id)
    if (entry.epoch !== storeEpoch)
      this.#report(
        'write-of-old-epoch-applied',
        `A write of leader ${entry.epoch} was applied although leader ${storeEpoch} has been elected.`,
      )
  }
  announced(checkpoint: number): void {
    if (!this.#durable.has(checkpoint))
      this.#report(
        'notified-before-durable',
        `Checkpoint ${checkpoint} is announced as complete before it is in the store.`,
      )
  }
  notified(attempt: Attempt, checkpoint: number, restored: number): void {
    const vertex = this.#world.layout.vertices[attempt.vertex]!
    const last = this.#notified.get(attempt.id) ?? restored
    if (!this.#durable.has(checkpoint))
      this.#report(
        'notified-not-durable',
        `${subtaskName(vertex)} was told that checkpoint ${checkpoint} is complete, which never was in the store.`,
      )
    else if (checkpoint <= last)
      this.#report(
        checkpoint <= restored ? 'notified-not-above-restored' : 'notified-not-rising',
        `${subtaskName(vertex)} was told that checkpoint ${checkpoint} is complete after ${checkpoint <= restored ? `it had been restored from checkpoint ${restored}` : `checkpoint ${last}`}.`,
      )
    this.#notified.set(attempt.id, Math.max(last, checkpoint))
  }
  attemptFailed(attempt: Attempt): void {
    this.#failed.add(attempt.id)
  }
  restarting(failed: Attempt | null, current: number): void {
    if (failed === null) return
    const vertex = this.#world.layout.vertices[failed.vertex]!
    if (failed.execution !== current)
      this.#report(
        'restart-for-old-attempt',
        `The job restarts because of attempt ${failed.id} of ${subtaskName(vertex)}, which belongs to execution ${failed.execution}, not to execution ${current}.`,
      )
    else if (!this.#failed.has(failed.id))
      this.#report('restart-without-cause', `The job restarts because of ${subtaskName(vertex)}, which has not failed.`)
  }
}
