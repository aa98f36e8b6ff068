/**
 * A completed checkpoint is a consistent cut: on every channel, what was sent is what was received, and, where the protocol saves
 * what is in flight, what was captured besides; one live branch. Where the
 * contract gives state at least once, more may have been received than was sent: a window of positions that a restore sends again,
 * with whatever content they then have. Less is a loss under every contract.
 */
import { type CompletedCheckpoint, type Contract, SAVEPOINT, type Shape, subtaskName } from '../model/index.ts'
import { records, them, were } from './counted.ts'
import type { InFlightOracle } from './in-flight.ts'
import { describeOwner, ENUMERATOR, FINISHED, type Ledger, type Sync } from './ledger.ts'
import { finding, type Reporter, shapeOfCut, type World } from './world.ts'

export class CutOracle {
  readonly #world: World
  readonly #ledger: Ledger
  readonly #reporter: Reporter
  readonly #repeats: boolean
  readonly #inFlight: InFlightOracle | null
  /** @param inFlight judges what a cut has in flight; null where that must be nothing */
  constructor(
    world: World,
    ledger: Ledger,
    reporter: Reporter,
    contract: Contract,
    inFlight: InFlightOracle | null = null,
  ) {
    this.#inFlight = inFlight
    this.#world = world
    this.#ledger = ledger
    this.#reporter = reporter
    this.#repeats = contract.state === 'at-least-once'
  }
  entryDurable(entry: CompletedCheckpoint): void {
    this.#judge(entry, true)
  }
  /** Nobody goes back to it while this job runs, so it repeats nothing. */
  savepointTaken(savepoint: CompletedCheckpoint): void {
    this.#judge(savepoint, false)
  }
  #judge(entry: CompletedCheckpoint, mayBeRestored: boolean): void {
    const syncs = this.#ledger.syncsOf(entry)
    if (syncs === null) {
      this.#reporter.report(
        finding(
          'cut',
          'incomplete',
          `${capital(nameOf(entry))} was completed although a task has taken no snapshot for it.`,
        ),
      )
      return
    }
    const shape = shapeOfCut(this.#world, entry)
    const { branch } = syncs[shape.vertices[0]!.id]!
    if (syncs.some((s) => s.branch !== branch || s.checkpoint !== entry.id)) {
      this.#reporter.report(
        finding('cut', 'mixed', `${capital(nameOf(entry))} mixes snapshots of several histories or checkpoints.`),
      )
      return
    }
    const { vertices } = this.#world.layout
    for (const channel of shape.channels) {
      if (this.#ledger.losesLoop(channel.id)) continue // counted when it is restored
      const sent = this.#ledger.sentAt(syncs[channel.from]!, channel.id)
      const received = this.#ledger.receivedAt(syncs[channel.to]!, channel.id)
      if (this.#inFlight !== null && received <= sent) {
        if (this.#inFlight.judge(entry, channel, syncs[channel.from]!, syncs[channel.to]!)) continue
        return
      }
      if (sent === received) continue
      const a = vertices[channel.from]!
      const b = vertices[channel.to]!
      const place = `${subtaskName(a)} -> ${subtaskName(b)}`
      if (received > sent && this.#repeats) {
        if (!mayBeRestored) continue
        const atUs = this.#world.now()
        const window = { checkpoint: entry.id, place, from: sent, to: received, atUs }
        this.#reporter.permit('may-repeat', received - sent, window)
        continue
      }
      const kind = sent > received ? 'lost-in-flight' : 'orphan'
      const lost = sent - received
      const orphans = received - sent
      const what =
        lost > 0
          ? `${lost} of ${records(sent)} ${were(lost)} sent before the cut and received after it: a restore loses ${them(lost)}`
          : `${records(orphans)} ${were(orphans)} received before the cut and sent after it: a restore repeats ${them(orphans)}`
      this.#reporter.report(
        finding('cut', kind, `${capital(nameOf(entry))} is no consistent cut: on ${place}, ${what}.`, {
          part: b.kind,
          expected: sent,
          actual: received,
        }),
      )
      return
    }
    this.#splits(entry, shape, syncs)
  }
  /** Enumerator, readers and finished splits are a partition of all splits. */
  #splits(entry: CompletedCheckpoint, shape: Shape, syncs: readonly Sync[]): void {
    for (const [source, unassigned] of entry.enumerators) {
      const owners: number[][] = this.#world.splitLengths(source).map(() => [])
      for (const split of unassigned) owners[split]!.push(ENUMERATOR)
      shape.bySpec[source]!.forEach((v, subtask) => {
        for (const [split] of syncs[v]!.owned) owners[split]!.push(subtask * 2)
        for (const split of syncs[v]!.finished) owners[split]!.push(FINISHED)
      })
      owners.forEach((of, split) => {
        if (of.length === 1) return
        const whom = of.length === 0 ? 'nobody' : of.map(describeOwner).join(' and ')
        this.#reporter.report(
          finding(
            'splits',
            of.length === 0 ? 'cut-owns-none' : 'cut-owns-twice',
            `In ${nameOf(entry)}, split ${split} belongs to ${whom}.`,
          ),
        )
      })
    }
  }
}
const nameOf = ({ id, kind }: CompletedCheckpoint): string => `${kind === SAVEPOINT ? 'savepoint' : 'checkpoint'} ${id}`
const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)
