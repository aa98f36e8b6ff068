import { fields, fifo } from '../kernel/index.ts'
import type { LayoutChannel } from '../model/index.ts'
import { element, kindOf, RECORD } from './element.ts'

/** Records that fit into a channel at most; the plan draws a credit up to it. */
export const MAX_CREDIT = 32
/** Control elements a channel takes beyond its credit. */
export const CONTROL_ROOM = 96

/**
 * A FIFO connection between two attempts, as it lies with its receiver: bounded by credit, so that back-pressure is real.
 * Records wait for their arrival time; a blocked channel is not read. When an execution ends, its channels end with it.
 */
export class Channel extends fields({
  sender: 'int',
  receiver: 'int',
  /** Records inside: at most the credit. */
  records: 'int',
  blocked: 'int',
  /** The sender stands behind an aligned barrier until it is resumed; only where barriers may overtake. */
  stopped: 'int',
  /** The sender waits for credit. */
  starved: 'int',
  /** Elements ever put: the position of the next. */
  position: 'int',
  lastArrival: 'time',
  queue: fifo('capacity'),
}) {
  readonly layout: LayoutChannel
  /** Records that fit: set by the plan. */
  credit = 1
  constructor(layout: LayoutChannel, maxCredit: number) {
    super({ capacity: maxCredit + CONTROL_ROOM })
    this.layout = layout
  }
  connect(sender: number, receiver: number, credit: number): void {
    this.sender = sender
    this.receiver = receiver
    this.credit = credit
    this.records = 0
    this.blocked = 0
    this.stopped = 0
    this.starved = 0
    this.position = 0
    this.lastArrival = 0
    this.queue.clear()
  }
  get full(): boolean {
    return this.records >= this.credit
  }
  /** Puts an element; returns when it arrives. */
  put(kind: number, operand: number, arrival: number): number {
    const at = Math.max(arrival, this.lastArrival)
    this.lastArrival = at
    this.position += 1
    if (kind === RECORD) this.records += 1
    this.queue.push(element(kind, operand), at)
    return at
  }
  /** Time at which the next element can be read; Infinity if there is none or the channel is blocked. */
  readyAt(): number {
    return this.blocked === 1 || this.queue.length === 0 ? Number.POSITIVE_INFINITY : this.queue.time(0)
  }
  take(): number {
    const item = this.queue.pop()
    if (kindOf(item) === RECORD) this.records -= 1
    return item
  }
}
