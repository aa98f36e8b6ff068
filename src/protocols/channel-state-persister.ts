/**
 * What of an input channel becomes channel state: from the begin of a checkpoint without alignment, everything that lies before
 * the barrier of this channel, whether it has arrived yet or not.
 *
 * Rules that a naive model misses (facts/flink-behaviour.md 11, 31): what arrives is written when it arrives, not when it is
 * read; a checkpoint that begins late writes what lies in the channel although it is over; the barrier of a checkpoint that is
 * over is obsolete, but while one is open or received an equal id counts again; a stop may come for an id that has never begun.
 */
import { fields } from '../kernel/index.ts'
import { type ChannelPersister, compiled, type Mutation, type PersistedChannel } from '../model/index.ts'
import type { ChartEvent, CompiledChart } from '../statechart/index.ts'
import { channelStatePersisterChart } from './channel-state-persister.chart.ts'

const { START, BEGIN, DATA, BARRIER, ANNOUNCEMENT, STOP } = channelStatePersisterChart.code
const NONE = -1

export class ChannelStatePersister
  extends fields({
    st: 'int',
    /** The newest checkpoint that a barrier, begin or stop has named. Flink: lastSeenBarrier. */
    seen: 'int',
    /** What came of the event that is being handled: 1 if a barrier counts or a begin is refused. */
    accepted: 'int',
    refused: 'int',
  })
  implements ChannelPersister
{
  readonly channel: PersistedChannel
  readonly #chart: CompiledChart<ChannelStatePersister>
  readonly #event: ChartEvent = { a: 0, b: 0, ref: 0 }

  constructor(channel: PersistedChannel, mutation: Mutation) {
    super()
    this.channel = channel
    this.#chart = compiled(channelStatePersisterChart, mutation)
  }
  #send(code: number, checkpoint: number): void {
    this.accepted = 0
    this.refused = 0
    this.#event.a = checkpoint
    if (!this.#chart.send(this, code, this.#event))
      throw new Error(
        `channel state: ${channelStatePersisterChart.events[code]} of checkpoint ${checkpoint} is not expected in state ${this.describe()}`,
      )
  }
  describe(): string {
    return this.#chart.leaves[this.st]!
  }
  /** True from the barrier of a checkpoint until it is over, or a newer one begins. Flink: hasBarrierReceived. */
  get received(): boolean {
    return this.#chart.matches(this, 'received')
  }

  reset(): void {
    this.st = this.#chart.initialLeaf
    this.seen = NONE
    this.#send(START, NONE)
  }
  start(checkpoint: number): boolean {
    this.#send(BEGIN, checkpoint)
    return this.refused === 0
  }
  stop(checkpoint: number): void {
    this.#send(STOP, checkpoint)
  }
  dataArrived(): void {
    this.#send(DATA, this.seen)
  }
  barrierArrived(checkpoint: number): boolean {
    this.#send(BARRIER, checkpoint)
    return this.accepted === 1
  }
  /** Whoever asks about an announcement hears which checkpoint its barrier is of, and that is all. */
  announcementArrived(checkpoint: number): boolean {
    this.#send(ANNOUNCEMENT, checkpoint)
    return this.accepted === 1
  }

  // guards
  newer(e: ChartEvent): boolean {
    return e.a > this.seen
  }
  older(e: ChartEvent): boolean {
    return e.a < this.seen
  }
  notOlder(e: ChartEvent): boolean {
    return e.a >= this.seen
  }

  // actions
  see(e: ChartEvent): void {
    this.seen = e.a
  }
  accept(_e: ChartEvent): void {
    this.accepted = 1
  }
  refuse(_e: ChartEvent): void {
    this.refused = 1
  }
  /** Else what lies behind an obsolete barrier would be missing (FLINK-21104). */
  forgetOlderBarrier(e: ChartEvent): void {
    this.channel.forgetOlderBarrier(e.a)
  }
  persistQueued(e: ChartEvent): void {
    this.channel.persistQueued(e.a)
  }
  persistArrived(e: ChartEvent): void {
    this.channel.persistArrived(e.a)
  }
}
