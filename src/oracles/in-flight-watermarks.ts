/**
 * Watermarks in flight: between the same records as when they were sent, none lost and none twice. A watermark that overtakes a
 * record makes it late; one that a restore loses holds back what waits for it.
 */
import type { Attempt, InFlightElement, Layout } from '../model/index.ts'
import type { Branch, Ledger, Sync } from './ledger.ts'

/** What was sent on a channel of a branch, from the first that was still in flight when it forked. */
interface Sent {
  /** Number of the first. */
  readonly from: number
  readonly timestampsMs: number[]
  /** Position of the record that followed each. */
  readonly before: number[]
  received: number
}
/** How many a vertex had received and sent, in the order of its inputs and outputs. */
interface Counts {
  readonly received: readonly number[]
  readonly sent: readonly number[]
}

export class InFlightWatermarks {
  readonly #layout: Layout
  readonly #ledger: Ledger
  /** By branch and channel. */
  readonly #sent: Sent[][] = []
  readonly #counts = new Map<Sync, Counts>()

  constructor(layout: Layout, ledger: Ledger) {
    this.#layout = layout
    this.#ledger = ledger
  }
  reset(): void {
    this.#sent.length = 0
    this.#counts.clear()
  }
  /** After a rescale none comes back, and channels of another shape begin anew: all watermarks are made again. */
  fork({ id, parent, syncs }: Branch): void {
    this.#sent[id] = this.#layout.channels.map(({ id: channel, from, to }) => {
      if (parent === null || syncs?.[to] === undefined) return { from: 0, timestampsMs: [], before: [], received: 0 }
      const before = this.#sent[parent.id]![channel]!
      const first = this.#receivedAt(syncs[to]!, channel)
      const range: [number, number] = [first - before.from, this.#sentAt(syncs[from]!, channel) - before.from]
      return {
        from: first,
        timestampsMs: before.timestampsMs.slice(...range),
        before: before.before.slice(...range),
        received: first,
      }
    })
  }
  sent(attempt: Attempt, channel: number, timestampMs: number): void {
    const { timestampsMs, before } = this.#sent[attempt.branch]![channel]!
    timestampsMs.push(timestampMs)
    before.push(this.#ledger.branchOf(attempt).sent[channel]!)
  }
  received(attempt: Attempt, channel: number): void {
    this.#sent[attempt.branch]![channel]!.received += 1
  }
  synced(sync: Sync): void {
    const channels = this.#sent[sync.branch.id]!
    const { inputs, outputs } = this.#layout.vertices[sync.attempt.vertex]!
    this.#counts.set(sync, {
      received: inputs.map((c) => channels[c]!.received),
      sent: outputs.map((c) => channels[c]!.from + channels[c]!.timestampsMs.length),
    })
  }
  #receivedAt(sync: Sync, channel: number): number {
    return this.#counts.get(sync)!.received[this.#layout.vertices[sync.attempt.vertex]!.inputs.indexOf(channel)]!
  }
  #sentAt(sync: Sync, channel: number): number {
    return this.#counts.get(sync)!.sent[this.#layout.vertices[sync.attempt.vertex]!.outputs.indexOf(channel)]!
  }
  /**
   * What a checkpoint has wrong of the watermarks that were sent before the cut and not received before it; null: nothing.
   * @param elements what it has in flight on the channel
   */
  wrongWith(elements: readonly InFlightElement[], channel: number, sender: Sync, receiver: Sync): string | null {
    const { from, timestampsMs, before } = this.#sent[sender.branch.id]![channel]!
    let next = this.#receivedAt(receiver, channel) - from
    const end = this.#sentAt(sender, channel) - from
    let record = this.#ledger.receivedAt(receiver, channel)
    for (const { kind, timestampMs } of elements) {
      if (kind === 'record') {
        record += 1
        continue
      }
      if (next >= end)
        return `watermark ${timestampMs} in flight, which was received before the cut or not sent before it`
      if (timestampsMs[next] !== timestampMs)
        return `watermark ${timestampMs} in flight where ${timestampsMs[next]} was sent`
      if (before[next] !== record)
        return `watermark ${timestampMs} in flight before record ${record}, but it was sent before record ${before[next]}`
      next += 1
    }
    return next === end ? null : `lost watermark ${timestampsMs[next]}, which was in flight`
  }
}
