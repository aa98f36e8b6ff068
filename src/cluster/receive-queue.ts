/**
 * What has arrived of one channel whose barriers may overtake records, as it lies with the receiving task. Flink:
 * RemoteInputChannel with its PrioritizedDeque and its ChannelStatePersister.
 *
 * ```
 *   lane   barriers that overtake, announcements of such as may, barriers moved to the front     read first
 *   queue  records, watermarks, other events                                                     read in order
 *   last   the aligned barrier behind which the sender stands until it is resumed                read last
 * ```
 *
 * Rules that a naive model misses (facts/flink-behaviour.md 10, 11): a barrier counts as received when it arrives, not when it
 * is read, and a checkpoint older than it cannot begin any more; what lies behind the channel's own barrier is never persisted,
 * what arrives before it is persisted on arrival.
 */
import { fields, fifo } from '../kernel/index.ts'
import {
  ANNOUNCEMENT,
  BARRIER,
  type ChannelPersister,
  FORCED_BARRIER,
  FORCED_UNALIGNED_BARRIER,
  type PersistedChannel,
  TIMED_BARRIER,
  UNALIGNED_BARRIER,
} from '../model/index.ts'
import { element, hasPayload, kindOf, operandOf } from './element.ts'

/** Priority elements that are waiting at once: barriers of at most so many checkpoints, and their announcements. */
const LANE = 16
const NONE = -1

/** Who writes down what becomes channel state. */
export interface ChannelStateWriter {
  /** @param arriving true if it arrives just now, false if it lay in the channel when the checkpoint began */
  persist(input: number, checkpoint: number, item: number, arriving: boolean): void
}

export class ReceiveQueue
  extends fields({
    lane: fifo(LANE),
    queue: fifo('capacity'),
    /** Elements ever queued: the number of the next. */
    position: 'int',
    /** The newest barrier that has arrived, -1: none that concerns a checkpoint that has begun. Flink: lastBarrierId. */
    barrier: 'int',
    /** Number of the first element behind it. Flink: lastBarrierSequenceNumber. */
    barrierAt: 'int',
    /** The aligned barrier as an element; 0: none. */
    last: 'int',
  })
  implements PersistedChannel
{
  readonly input: number
  readonly persister: ChannelPersister
  readonly #writer: ChannelStateWriter

  /** @param persister makes the machine that decides what becomes channel state */
  constructor(
    input: number,
    capacity: number,
    writer: ChannelStateWriter,
    persister: (channel: PersistedChannel) => ChannelPersister,
  ) {
    super({ capacity })
    this.input = input
    this.#writer = writer
    this.persister = persister(this)
  }
  clear(): void {
    this.lane.clear()
    this.queue.clear()
    this.position = 0
    this.barrier = NONE
    this.barrierAt = 0
    this.last = 0
    this.persister.reset()
  }
  get empty(): boolean {
    return this.queue.length === 0 && this.last === 0
  }
  /** Elements that wait to be read, whatever their order. */
  get length(): number {
    return this.lane.length + this.queue.length + (this.last === 0 ? 0 : 1)
  }

  // the network's side
  arrive(item: number): void {
    if (this.last !== 0)
      throw new Error(
        `input ${this.input}: an element of kind ${kindOf(item)} has come behind an aligned barrier, but its sender has to wait until it is resumed`,
      )
    const kind = kindOf(item)
    switch (kind) {
      case UNALIGNED_BARRIER:
        this.lane.push(item, 0)
        this.#barrierArrived(operandOf(item))
        break
      case TIMED_BARRIER: {
        const checkpoint = operandOf(item)
        this.last = item
        this.lane.push(element(ANNOUNCEMENT, checkpoint), 0)
        this.#barrierArrived(checkpoint)
        break
      }
      case BARRIER:
      case FORCED_BARRIER:
      case FORCED_UNALIGNED_BARRIER:
        this.last = item
        this.#barrierArrived(operandOf(item))
        break
      default:
        this.queue.push(item, 0)
        this.position += 1
        if (hasPayload(item)) this.persister.dataArrived()
    }
  }
  #barrierArrived(checkpoint: number): void {
    if (!this.persister.barrierArrived(checkpoint) || checkpoint <= this.barrier) return
    this.barrier = checkpoint
    this.barrierAt = this.position
  }

  // the task's side
  takePriority(): number {
    return this.lane.pop()
  }
  take(): number {
    if (this.queue.length > 0) return this.queue.pop()
    const item = this.last
    this.last = 0
    return item
  }
  /** The announced barrier goes to the front. Flink: convertToPriorityEvent. */
  prioritize(): void {
    if (kindOf(this.last) !== TIMED_BARRIER)
      throw new Error(`input ${this.input}: no announced barrier waits that could be moved to the front`)
    this.lane.push(this.last, 0)
    this.last = 0
  }
  /** A checkpoint without alignment begins. False if the channel has received a newer barrier. */
  start(checkpoint: number): boolean {
    return checkpoint >= this.barrier && this.persister.start(checkpoint)
  }
  /** Its own barrier is no boundary any more. */
  stop(checkpoint: number): void {
    this.persister.stop(checkpoint)
    if (checkpoint === this.barrier) this.barrier = NONE
  }
  forgetOlderBarrier(checkpoint: number): void {
    if (checkpoint > this.barrier) this.barrier = NONE
  }
  persistQueued(checkpoint: number): void {
    const first = this.position - this.queue.length
    const end = this.barrier === NONE ? this.queue.length : Math.min(this.queue.length, this.barrierAt - first)
    for (let i = 0; i < end; i += 1) {
      const item = this.queue.item(i)
      if (hasPayload(item)) this.#writer.persist(this.input, checkpoint, item, false)
    }
  }
  persistArrived(checkpoint: number): void {
    this.#writer.persist(this.input, checkpoint, this.queue.item(this.queue.length - 1), true)
  }
}
