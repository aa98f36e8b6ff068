/**
 * The checkpoints of a task that record some of its inputs until their barriers come there, oldest first. Channels are FIFO and
 * barriers are sent in rising order: one that comes on an input before that of an older checkpoint says that the older one's will
 * never come.
 */
import type { RecordingTaskHost } from '../model/index.ts'
import { BarrierCounts } from './barrier-counts.ts'
import type { SubtaskCheckpointCoordinator } from './subtask-checkpoint-coordinator.ts'

const NONE = -1

export class InputRecordings {
  readonly counts: BarrierCounts
  readonly #host: RecordingTaskHost
  readonly #subtask: SubtaskCheckpointCoordinator

  constructor(host: RecordingTaskHost, subtask: SubtaskCheckpointCoordinator) {
    this.counts = new BarrierCounts(host.inputs)
    this.#host = host
    this.#subtask = subtask
  }
  clear(): void {
    this.counts.clear()
  }
  /** @param inputs how many barriers it waits for */
  begin(checkpoint: number, inputs: number): void {
    this.counts.add(checkpoint, inputs, false)
    this.#host.channelState.start(checkpoint)
  }
  has(checkpoint: number): boolean {
    return this.counts.placeOf(checkpoint) !== NONE
  }
  /** True if it waits for no barrier but that of `input`, or for none at all. */
  isCompletedBy(checkpoint: number, input: number): boolean {
    const place = this.counts.placeOf(checkpoint)
    return place !== NONE && this.counts.isCompletedBy(place, input)
  }
  /** True if the newest one waits for no barrier. */
  get newestIsComplete(): boolean {
    return this.#isComplete(this.counts.length - 1)
  }
  #isComplete(place: number): boolean {
    return this.counts.countAt(place) === this.counts.wanted.at(place)
  }
  /** Its barrier has come. */
  see(checkpoint: number, input: number): void {
    this.counts.see(this.counts.placeOf(checkpoint), input)
  }
  /** An input that has ended holds nothing any more, for whatever checkpoint. */
  end(input: number): void {
    for (let place = this.counts.length - 1; place >= 0; place -= 1) {
      this.counts.see(place, input)
      this.#host.stopRecording(this.counts.ids.at(place), input)
      if (this.#isComplete(place)) this.#close(place)
    }
  }
  /** Gives up all that are older than the barrier that has come on `input`, and still wait for theirs there. */
  abortOvertaken(checkpoint: number, input: number): void {
    for (let place = 0; place < this.counts.length; ) {
      const older = this.counts.ids.at(place)
      if (older >= checkpoint || this.counts.hasSeen(place, input)) {
        place += 1
        continue
      }
      this.#subtask.abortOnBarrier(older, 'CHECKPOINT_DECLINED_SUBSUMED')
      this.#close(place)
    }
  }
  /** What it has recorded is all. */
  close(checkpoint: number): void {
    this.#close(this.counts.placeOf(checkpoint))
  }
  closeNewest(): void {
    this.#close(this.counts.length - 1)
  }
  #close(place: number): void {
    const checkpoint = this.counts.ids.at(place)
    this.counts.drop(place)
    this.#host.closeRecording(checkpoint)
  }
}
