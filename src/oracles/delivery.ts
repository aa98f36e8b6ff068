/** On every channel of a branch, receives are exactly the sends, in order, with their contents, at the right subtask. */
import { hashValue } from '../kernel/index.ts'
import { type Attempt, subtaskName } from '../model/index.ts'
import type { InFlightOracle } from './in-flight.ts'
import type { Ledger } from './ledger.ts'
import { Partition } from './partition.ts'
import { finding, type Reporter, type World } from './world.ts'

export class DeliveryOracle {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  readonly #partition: Partition
  readonly #inFlight: InFlightOracle | null
  /** @param inFlight knows what comes back in flight; null where nothing does */
  constructor(world: World, ledger: Ledger, reporter: Reporter, inFlight: InFlightOracle | null = null) {
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
    this.#inFlight = inFlight
    this.#partition = new Partition(world.layout, world.graph.edges, world.graph.settings.maxParallelism)
  }
  /** Tags the record with what it is: where it has to arrive, as which one, with which content. */
  send(attempt: Attempt, edge: number, slot: number): void {
    const { pool } = this.#world
    const branch = this.#ledger.branchOf(attempt)
    const value = pool.value[slot]
    const nth = this.#ledger.nextEmission(branch, attempt.vertex, edge)
    const channel = this.#partition.channelOf(attempt.vertex, edge, value, nth)
    const position = branch.sent[channel]!
    const hash = hashValue(value)
    pool.branch[slot] = branch.id
    pool.channel[slot] = channel
    pool.position[slot] = position
    pool.hash[slot] = hash
    pool.sent[slot] = value
    branch.sent[channel] = position + 1
    this.#inFlight?.sent(branch, channel, hash, pool.timestamp[slot]!)
    if (this.#ledger.twinned) this.#ledger.record(attempt, { kind: 'emission', edge, hash })
  }
  receive(attempt: Attempt, channel: number, slot: number): void {
    const { pool } = this.#world
    const branch = this.#ledger.branchOf(attempt)
    const expected = branch.received[channel]!
    const position = pool.position[slot]!
    if (pool.branch[slot] !== branch.id)
      this.#report('stale-branch', channel, `a record of branch ${pool.branch[slot]} arrived on branch ${branch.id}`)
    else if (pool.channel[slot] !== channel)
      this.#report('wrong-channel', channel, `a record for ${this.#name(pool.channel[slot]!)} arrived here`)
    else if (position !== expected)
      this.#report(
        position > expected ? 'lost' : 'duplicated',
        channel,
        position > expected
          ? `record ${expected} was sent and never arrived: record ${position} came in its place`
          : `record ${position} arrived again, after record ${expected - 1}`,
        expected,
        position,
      )
    else if (pool.value[slot] !== pool.sent[slot] && pool.hash[slot] !== hashValue(pool.value[slot]))
      this.#report('content-changed', channel, `record ${position} is not what was sent`)
    branch.received[channel] = position + 1
  }
  #name(channel: number): string {
    const { layout } = this.#world
    const { from, to } = layout.channels[channel]!
    const a = layout.vertices[from]!
    const b = layout.vertices[to]!
    return `${subtaskName(a)} -> ${subtaskName(b)}`
  }
  #report(kind: string, channel: number, what: string, expected?: unknown, actual?: unknown): void {
    const role = this.#world.layout.vertices[this.#world.layout.channels[channel]!.to]!.kind
    this.#reporter.report(
      finding('delivery', kind, `On ${this.#name(channel)}, ${what}.`, { part: role, expected, actual }),
    )
  }
}
