/**
 * What a cut has in flight, under protocols that save it: on every channel, captured is what was sent and not received, element by
 * element; after a restore it comes back, each record once and in its place, before whatever the sender sends anew.
 *
 * ```
 *   positions of a channel    0 ......... received ......... sent .........
 *   in the state of           receiver  | captured         | sender, who sends it again
 *                                         input | output
 * ```
 *
 * Which part of it lies at which end is the protocol's business: inputs begin where the receiver's snapshot ends, outputs end where
 * the sender's snapshot ends, and nothing may be missing between them.
 */
import { hashValue } from '../kernel/index.ts'
import {
  type Attempt,
  type ChannelState,
  type CompletedCheckpoint,
  type InFlightElement,
  type LayoutChannel,
  subtaskName,
} from '../model/index.ts'
import { records, were } from './counted.ts'
import { InFlightWatermarks } from './in-flight-watermarks.ts'
import type { Branch, Ledger, Sync } from './ledger.ts'
import { finding, type Reporter, type World } from './world.ts'

/** Contents of what was sent on a channel of a branch, from the first record that was still in flight when it forked. */
interface History {
  /** Position of the first. */
  readonly from: number
  readonly hashes: number[]
  readonly timestampsMs: number[]
  /** Positions of the next record that comes back at the receiver's end and at the sender's. */
  nextInput: number
  nextOutput: number
  /** Behind the last record that comes back. */
  readonly end: number
}
const NOTHING: readonly InFlightElement[] = []
const isRecord = ({ kind }: InFlightElement): boolean => kind === 'record'

export class InFlightOracle {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  /** Records that were in flight in completed checkpoints, all told. */
  captured = 0
  readonly watermarks: InFlightWatermarks
  /** By branch and channel. */
  readonly #histories: History[][] = []

  constructor(world: World, ledger: Ledger, reporter: Reporter) {
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
    this.watermarks = new InFlightWatermarks(world.layout, ledger)
  }
  reset(): void {
    this.#histories.length = 0
    this.captured = 0
    this.watermarks.reset()
  }
  fork(branch: Branch): void {
    this.watermarks.fork(branch)
    if (branch.inherited !== null) {
      this.#histories[branch.id] = this.#world.layout.channels.map(({ id }) => this.#inherited(branch, id))
      return
    }
    const parent = branch.parent === null ? undefined : this.#histories[branch.parent.id]
    this.#histories[branch.id] = this.#world.layout.channels.map(({ id, from }) => {
      const first = branch.received[id]!
      const end = branch.sent[id]!
      const before = parent?.[id]
      const range: [number, number] = before === undefined ? [0, 0] : [first - before.from, end - before.from]
      const hashes = before?.hashes.slice(...range) ?? []
      const timestampsMs = before?.timestampsMs.slice(...range) ?? []
      const atSender = this.#elementsOf(branch.basis, from, 'outputs', id).filter(isRecord).length
      return { from: first, hashes, timestampsMs, nextInput: first, nextOutput: end - atSender, end }
    })
  }
  /** After a rescale: channels are others, and records count anew. */
  #inherited({ inheritedInFlight }: Branch, channel: number): History {
    const { inputs, outputs } = inheritedInFlight.get(channel) ?? { inputs: NOTHING, outputs: NOTHING }
    const records = [...inputs, ...outputs]
    return {
      from: 0,
      hashes: records.map(({ value }) => hashValue(value)),
      timestampsMs: records.map(({ timestampMs }) => timestampMs),
      nextInput: 0,
      nextOutput: inputs.length,
      end: records.length,
    }
  }
  sent(branch: Branch, channel: number, hash: number, timestampMs: number): void {
    const { hashes, timestampsMs } = this.#histories[branch.id]![channel]!
    hashes.push(hash)
    timestampsMs.push(timestampMs)
  }
  /** Tags a record that has come back with what it is, as the ledger knows it from when it was sent. */
  recovered(attempt: Attempt, channel: number, slot: number): void {
    const { pool, layout } = this.#world
    const history = this.#histories[attempt.branch]![channel]!
    const atReceiver = attempt.vertex === layout.channels[channel]!.to
    const position = atReceiver ? history.nextInput++ : history.nextOutput++
    pool.branch[slot] = attempt.branch
    pool.channel[slot] = channel
    pool.position[slot] = position
    if (position >= history.end) {
      this.#report(
        'recovered-too-many',
        channel,
        `a record has come back in flight behind the last one of checkpoint ${this.#ledger.branchOf(attempt).basis?.id}`,
      )
      return
    }
    const place = position - history.from
    const hash = history.hashes[place]!
    pool.hash[slot] = hash
    if (hash !== hashValue(pool.value[slot]) || !Object.is(history.timestampsMs[place], pool.timestamp[slot]))
      this.#report('recovered-other', channel, `what has come back as record ${position} is not what was sent`)
  }
  /** True if nothing is wrong with what a completed checkpoint has in flight on a channel. */
  judge(entry: CompletedCheckpoint, { id, from, to }: LayoutChannel, sender: Sync, receiver: Sync): boolean {
    const first = this.#ledger.receivedAt(receiver, id)
    const end = this.#ledger.sentAt(sender, id)
    const elements = [...this.#elementsOf(entry, to, 'inputs', id), ...this.#elementsOf(entry, from, 'outputs', id)]
    const captured = elements.filter(isRecord)
    const inFlight = end - first
    this.captured += captured.length
    if (captured.length !== inFlight) {
      const [kind, what] =
        captured.length < inFlight
          ? ['lost-in-flight', 'a restore loses the others']
          : ['repeated-in-flight', 'a restore repeats the others']
      this.#report(
        kind,
        id,
        `checkpoint ${entry.id} has ${records(captured.length)} in flight, but ${inFlight} ${were(inFlight)} sent before the cut and not received before it: ${what}`,
        inFlight,
        captured.length,
      )
      return false
    }
    const history = this.#histories[sender.branch.id]![id]!
    for (let i = 0; i < captured.length; i += 1) {
      const { value, timestampMs } = captured[i]!
      const place = first + i - history.from
      if (hashValue(value) === history.hashes[place] && Object.is(timestampMs, history.timestampsMs[place])) continue
      this.#report(
        'captured-other',
        id,
        `what checkpoint ${entry.id} has in flight as record ${first + i} is not what was sent`,
      )
      return false
    }
    const wrong = this.watermarks.wrongWith(elements, id, sender, receiver)
    if (wrong !== null) this.#report('captured-other', id, `checkpoint ${entry.id} has ${wrong}`)
    return wrong === null
  }
  #elementsOf(
    entry: CompletedCheckpoint | null,
    vertex: number,
    side: keyof ChannelState,
    channel: number,
  ): readonly InFlightElement[] {
    const file = entry?.files[vertex] ?? -1
    if (file < 0) return NOTHING
    return this.#world.file(file).content?.channels?.[side].get(channel) ?? NOTHING
  }
  #report(kind: string, channel: number, what: string, expected?: number, actual?: number): void {
    const { channels, vertices } = this.#world.layout
    const { from, to } = channels[channel]!
    const a = vertices[from]!
    const b = vertices[to]!
    this.#reporter.report(
      finding('in-flight', kind, `On ${subtaskName(a)} -> ${subtaskName(b)}, ${what}.`, {
        part: b.kind,
        expected,
        actual,
      }),
    )
  }
}
