/**
 * The inputs of a task whose barriers may overtake records. Flink: SingleInputGate with CheckpointedInputGate: priority elements
 * of whatever channel are read before all others.
 */
import type { ChannelPersister, PersistedChannel } from '../model/index.ts'
import { type ChannelStateWriter, ReceiveQueue } from './receive-queue.ts'

export class InputGate {
  readonly queues: readonly ReceiveQueue[]
  /** Inputs on which barriers come: the others, which are the last, are feedback edges. */
  readonly #barriers: number

  constructor(
    inputs: number,
    capacity: number,
    writer: ChannelStateWriter,
    persister: (channel: PersistedChannel) => ChannelPersister,
    barriers = inputs,
  ) {
    this.#barriers = barriers
    this.queues = Array.from({ length: inputs }, (_, input) => new ReceiveQueue(input, capacity, writer, persister))
  }
  clear(): void {
    for (const queue of this.queues) queue.clear()
  }
  /** Elements of an input that wait to be read. */
  lengthOf(input: number): number {
    return this.queues[input]!.length
  }
  /** The first input with a priority element; -1 if there is none. */
  nextPriority(): number {
    for (let i = 0; i < this.queues.length; i += 1) if (this.queues[i]!.lane.length > 0) return i
    return -1
  }
  /** The first input from `turn` on, in a circle, from which something can be read; -1 if there is none. */
  nextReadable(turn: number): number {
    const n = this.queues.length
    let input = turn
    for (let k = 0; k < n; k += 1) {
      if (input >= n) input = 0
      if (!this.queues[input]!.empty) return input
      input += 1
    }
    return -1
  }
  /** A checkpoint without alignment begins on all inputs. False if one of them refuses: those before it have begun. */
  startPersisting(checkpoint: number): boolean {
    for (let i = 0; i < this.#barriers; i += 1) if (!this.queues[i]!.start(checkpoint)) return false
    return true
  }
  stopPersisting(checkpoint: number): void {
    for (const queue of this.queues) queue.stop(checkpoint)
  }
}
