/**
 * The metadata quorum, judged by what is on its disks and by what clients are told.
 *
 * A command is *chosen* in a slot when a majority of the nodes have accepted it there under one ballot. Then: no other command is
 * chosen there, nor accepted under a higher ballot; every majority of the nodes that vote holds it; nodes apply the log in order,
 * and nothing else; a client that has its answer can rely on its command being in the log, and an answer takes into account
 * whatever was answered before it was asked for. While a majority is up, everybody gets an answer in time.
 */
import type { Acceptance, QuorumObserver } from '../model/index.ts'
import { finding, type Reporter } from './world.ts'

/** What the oracle needs to know besides what it hears. */
export interface QuorumWorld {
  readonly nodes: number
  now(): number
  unitUs(): number
  /** Until when the last fault has an effect, microseconds. */
  lastFaultUntil(): number
}
/** A command is answered within this time of the last thing that may have kept it waiting, in the plan's time units. */
const PATIENCE = 3000

interface Waiting {
  readonly since: number
  readonly reads: boolean
  /** Prefix of the log that somebody had been told of before this was asked. */
  readonly floor: number
}
interface Chosen {
  readonly command: number
  readonly ballot: number
}
interface Node {
  promised: number
  /** By slot. */
  readonly accepted: Map<number, Acceptance>
  votes: boolean
  up: boolean
  applied: number
}

export class QuorumOracle implements QuorumObserver {
  readonly #world: QuorumWorld
  readonly #reporter: Pick<Reporter, 'report'>
  readonly #majority: number
  readonly #nodes: Node[]
  /** By slot, and in it by ballot: what has been accepted, and by whom (a bit mask) in any of their lives. */
  readonly #ballots: Map<number, { readonly command: number; by: number }>[] = []
  readonly #chosen: (Chosen | undefined)[] = []
  readonly #sent = new Set<number>()
  readonly #waiting = new Map<number, Waiting>()
  /** Prefix of the log that some client has been told of. */
  #told = 0
  /** When a node last went away or came back. */
  #changedAt = 0
  constructor(world: QuorumWorld, reporter: Pick<Reporter, 'report'>) {
    this.#world = world
    this.#reporter = reporter
    this.#majority = Math.floor(world.nodes / 2) + 1
    this.#nodes = Array.from({ length: world.nodes }, () => ({
      promised: 0,
      accepted: new Map(),
      votes: true,
      up: true,
      applied: 0,
    }))
  }
  reset(): void {
    for (const node of this.#nodes) {
      node.promised = 0
      node.accepted.clear()
      node.votes = true
      node.up = true
      node.applied = 0
    }
    this.#ballots.length = 0
    this.#chosen.length = 0
    this.#sent.clear()
    this.#waiting.clear()
    this.#told = 0
    this.#changedAt = 0
  }
  #report(kind: string, message: string): void {
    this.#reporter.report(finding('quorum', kind, message))
  }

  // acceptors
  promised(node: number, ballot: number): void {
    const of = this.#nodes[node]!
    if (ballot < of.promised)
      this.#report('promise-taken-back', `Node ${node} promises ballot ${ballot} after ballot ${of.promised}.`)
    of.promised = Math.max(of.promised, ballot)
  }
  accepted(node: number, acceptance: Acceptance): void {
    const of = this.#nodes[node]!
    const { slot, ballot, command } = acceptance
    if (ballot < of.promised)
      this.#report(
        'accepted-below-promise',
        `Node ${node} accepts ${name(command)} in slot ${slot} under ballot ${ballot} after it has promised ballot ${of.promised}.`,
      )
    of.promised = Math.max(of.promised, ballot)
    of.accepted.set(slot, acceptance)
    if (command !== 0 && !this.#sent.has(command))
      this.#report('never-proposed', `Node ${node} accepts ${name(command)} in slot ${slot}, which no client has sent.`)
    this.#ballots[slot] ??= new Map()
    const ballots = this.#ballots[slot]
    let under = ballots.get(ballot)
    if (under === undefined) {
      under = { command, by: 0 }
      ballots.set(ballot, under)
    }
    if (under.command !== command)
      this.#report(
        'two-commands-under-one-ballot',
        `Node ${node} accepts ${name(command)} in slot ${slot} under ballot ${ballot}, under which ${name(under.command)} has been accepted.`,
      )
    under.by |= 1 << node
    const chosen = this.#chosen[slot]
    if (chosen === undefined) {
      if (count(under.by) >= this.#majority) {
        this.#chosen[slot] = { command, ballot }
        this.#contradictions(slot)
      }
    } else if (command !== chosen.command && ballot > chosen.ballot)
      this.#report(
        'against-chosen',
        `Node ${node} accepts ${name(command)} in slot ${slot} under ballot ${ballot}, where ${name(chosen.command)} was chosen under ballot ${chosen.ballot}.`,
      )
  }
  /** What was accepted under a higher ballot before the last acceptance of a lower one made it chosen. */
  #contradictions(slot: number): void {
    const { command, ballot } = this.#chosen[slot]!
    for (const [higher, { command: other }] of this.#ballots[slot]!)
      if (higher > ballot && other !== command)
        this.#report(
          'against-chosen',
          `In slot ${slot} ${name(command)} is chosen under ballot ${ballot} although ${name(other)} has been accepted under ballot ${higher}.`,
        )
  }
  diskLost(node: number): void {
    const of = this.#nodes[node]!
    of.votes = false
    of.promised = 0
    of.accepted.clear()
    this.#changedAt = this.#world.now()
    this.#remembered()
  }
  rejoined(node: number, promised: number, accepted: readonly Acceptance[]): void {
    const of = this.#nodes[node]!
    of.votes = true
    of.promised = promised
    this.#changedAt = this.#world.now()
    // what it takes over from others is no vote of its own: it may be what a lost one has outbid
    for (const acceptance of accepted) of.accepted.set(acceptance.slot, acceptance)
    this.#remembered()
  }
  /** What is chosen is known to every majority of the nodes that vote, as what has the highest ballot. */
  #remembered(): void {
    const voters = this.#nodes.filter(({ votes }) => votes)
    this.#chosen.forEach((chosen, slot) => {
      if (chosen === undefined) return
      const holders = voters.filter(({ accepted }) => {
        const held = accepted.get(slot)
        return held !== undefined && held.command === chosen.command && held.ballot >= chosen.ballot
      })
      if (voters.length - holders.length >= this.#majority)
        this.#report(
          'chosen-forgotten',
          `In slot ${slot} ${name(chosen.command)} was chosen, but only ${holders.length} of ${voters.length} nodes that vote hold it.`,
        )
    })
  }

  // learners
  nodeStarted(node: number): void {
    const of = this.#nodes[node]!
    of.up = true
    of.applied = 0
    this.#changedAt = this.#world.now()
  }
  nodeStopped(node: number): void {
    this.#nodes[node]!.up = false
    this.#changedAt = this.#world.now()
  }
  applied(node: number, slot: number, command: number): void {
    const of = this.#nodes[node]!
    const chosen = this.#chosen[slot]
    if (slot !== of.applied)
      this.#report('applied-out-of-order', `Node ${node} applies slot ${slot} after ${of.applied} slots.`)
    else if (chosen === undefined)
      this.#report('applied-not-chosen', `Node ${node} applies ${name(command)} in slot ${slot}, which is not chosen.`)
    else if (chosen.command !== command)
      this.#report(
        'applied-another',
        `Node ${node} applies ${name(command)} in slot ${slot}, in which ${name(chosen.command)} is chosen.`,
      )
    of.applied = slot + 1
  }

  // clients
  commandSent(command: number, reads: boolean): void {
    this.#sent.add(command)
    this.#waiting.set(command, { since: this.#world.now(), reads, floor: this.#told })
  }
  commandAbandoned(command: number): void {
    this.#waiting.delete(command)
  }
  commandAnswered(command: number, applied: number): void {
    const { reads, floor } = this.#waiting.get(command)!
    this.#waiting.delete(command)
    if (!reads && this.#chosen[applied - 1]?.command !== command)
      this.#report(
        'answered-not-chosen',
        `A client is told that ${name(command)} is done in slot ${applied - 1}, where it is not chosen.`,
      )
    if (applied < floor)
      this.#report(
        'stale-answer',
        `The answer to ${name(command)} takes ${applied} slots into account, but before it was sent a client had been told of ${floor}.`,
      )
    this.#told = Math.max(this.#told, applied)
  }
  /** From time to time: does anybody wait for too long? */
  watch(): void {
    if (this.#nodes.filter(({ up, votes }) => up && votes).length < this.#majority) {
      this.#changedAt = this.#world.now()
      return
    }
    const quietSince = Math.max(this.#changedAt, this.#world.lastFaultUntil())
    const latest = this.#world.now() - PATIENCE * this.#world.unitUs()
    if (quietSince > latest) return
    for (const [command, { since }] of this.#waiting) {
      if (since > latest) continue
      this.#reporter.report(
        finding(
          'quorum',
          'no-answer',
          `A majority of the quorum is up, and since ${((this.#world.now() - since) / 1000).toFixed(1)} ms a client waits for the answer to ${name(command)}.`,
          { class: 'liveness' },
        ),
      )
      return
    }
  }
}
const name = (command: number): string => (command === 0 ? 'the empty command' : `command ${command}`)
function count(mask: number): number {
  let bits = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits += 1
  return bits
}
