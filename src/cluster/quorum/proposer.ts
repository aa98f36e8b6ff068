/**
 * The proposer of a node, and its learner: multi-decree Paxos (Lamport, The Part-Time Parliament; Paxos Made Simple). One ballot
 * serves all slots of a log: phase 1 is done once, when a node begins to lead, and covers every slot that it does not know to be
 * chosen; from then on a command costs one round.
 *
 * ```
 *   following --nobody leads--> preparing --promises of a majority--> leading
 *                                                                       for each slot: what was accepted at the highest ballot,
 *                                                                       the empty command in gaps; then what clients submit
 *                                  ACCEPT --> acceptors --ACCEPTED--> chosen by a majority --> applied in order --> answered
 * ```
 *
 * Every node learns what is chosen, from the leader or, if it has missed something, by asking; it applies the log in order to a
 * machine of its own. A command that comes twice is known by its client's session and sequence number: it is applied once.
 *
 * A read may do without the log while the leader holds a lease: a majority has said that it promises nothing to anybody else for a
 * while. Lease and reads are measured on different clocks, so the leader gives the lease up earlier than anybody else does.
 */
import { cells, type Entity, fields, type KernelEvent, mix2, site } from '../../kernel/index.ts'
import { compiled, E, P } from '../../model/index.ts'
import type { CompiledChart } from '../../statechart/index.ts'
import type { Memory } from './acceptor.ts'
import { ballotAbove, nodeOf } from './ballot.ts'
import { bits } from './bits.ts'
import { trustedUs } from './drifting-clock.ts'
import { A, Q, R } from './messages.ts'
import { PROPOSER_MESSAGES, proposerChart } from './proposer.chart.ts'
import { type Command, NO_COMMAND, post, type QuorumContext } from './quorum-context.ts'
import {
  BEAT_LEAST,
  BEAT_SPREAD,
  BIDS,
  LEASE_UNITS,
  RESEND_UNITS,
  RETRY_LEAST,
  RETRY_SPREAD,
  SILENCE_UNITS,
  WATCH_SPREAD,
} from './quorum-timing.ts'

const WATCH = site('time until a node of the quorum looks for a leader')
const RETRY = site('time until a node of the quorum asks again for promises')
const BEAT = site('time until the next beat of the quorum')
/** No value is known to be chosen. */
const OPEN = -1
/** More commands than a client sends in one session. */
const SEQUENCES = 1 << 20

export class Proposer
  extends fields({
    st: 'int',
    /** Its own ballot, 0: none yet. */
    ballot: 'int',
    /** The highest ballot that somebody leads with. */
    leaderBallot: 'int',
    /** The highest ballot that it has heard of. */
    highestBallot: 'int',
    heardAt: 'time',
    watches: 'int',
    // phase 1
    bids: 'int',
    bidFrom: 'int',
    /** Bit mask of the nodes that have promised its ballot. */
    promises: 'int',
    /** The life in which each node has promised, and the newest one that anybody knows of. */
    promisedLife: cells('nodes'),
    knownLife: cells('nodes'),
    // the log
    nextSlot: 'int',
    /** All slots below it are known to be chosen. */
    chosenUpTo: 'int',
    applied: 'int',
    applying: 'int',
    /** Slots below it may have been chosen by others that led before. */
    inherited: 'int',
    // the lease
    beatNumber: 'int',
    beatAt: 'time',
    grants: 'int',
    /** When, by its clock, it sent the beat that gave it the lease; negative: it has none. */
    leaseFrom: 'time',
  })
  implements Entity
{
  readonly name: string
  readonly index: number
  readonly #context: QuorumContext
  readonly #chart: CompiledChart<Proposer>
  /** Chosen commands by slot, or OPEN. */
  readonly #log: number[] = []
  /** By slot: the highest ballot at which something has been accepted, of those that have promised, and what it is. */
  readonly #acceptedAt: number[] = []
  readonly #accepted: number[] = []
  /** By slot, under its own ballot: what it has proposed, who has accepted it (a bit mask), when it was sent. */
  readonly #proposed: number[] = []
  readonly #acceptances: number[] = []
  readonly #sentAt: number[] = []
  /** Slots of what it has proposed under its own ballot, by command. */
  readonly #slots = new Map<number, number>()
  /** Answers by session and sequence number, each with the slots that it takes into account. */
  readonly #answers = new Map<number, { readonly answer: unknown; readonly slots: number }>()
  constructor(context: QuorumContext, index: number, nodes: number) {
    super({ nodes })
    this.name = `proposer ${index}`
    this.index = index
    this.#context = context
    this.#chart = compiled(proposerChart, context.mutation)
  }
  receive(code: number, event: KernelEvent): void {
    if (code === R.START) {
      this.st = this.#chart.initialLeaf
      this.watches = 0
      this.bids = 0
      this.beatNumber = 0
    }
    if (!this.#chart.send(this, code, event))
      throw new Error(
        `${this.name}: ${PROPOSER_MESSAGES[code]} is not expected in state ${this.#chart.leaves[this.st]}`,
      )
  }
  get leads(): boolean {
    return this.#chart.matches(this, 'up.leading')
  }

  // guards
  ofThisBallot(e: KernelEvent): boolean {
    return e.a === this.ballot
  }
  /** A former life may have asked under the same ballot for fewer slots. */
  ofThisBid(e: KernelEvent): boolean {
    return e.a === this.ballot && (this.#context.mail[e.ref] as Memory).from <= this.bidFrom
  }
  ofAnotherBallot(e: KernelEvent): boolean {
    return e.a !== this.ballot
  }
  ofHigherBallot(e: KernelEvent): boolean {
    return e.a > this.ballot
  }
  outbid(e: KernelEvent): boolean {
    return e.a === this.ballot && e.ref > this.ballot
  }
  /**
   * Some node has promised a higher ballot, but nobody has been elected with one: that takes a majority, of which one node keeps this
   * lease. (A node that rejoins has others promise it ballots although they are leased, but it does not lead with those.)
   */
  outbidUnderLease(e: KernelEvent): boolean {
    return this.outbid(e) && this.underLease()
  }
  silent(): boolean {
    return this.#context.kernel.now - this.heardAt >= this.#silenceUs
  }
  patient(): boolean {
    return this.bids < BIDS
  }
  ofThisBeat(e: KernelEvent): boolean {
    return e.a === this.ballot && e.b === this.beatNumber
  }
  answered(e: KernelEvent): boolean {
    return this.#answers.has(this.#identity(e.ref))
  }
  underway(e: KernelEvent): boolean {
    return this.#slots.has(e.ref)
  }
  underLease(): boolean {
    return this.leaseFrom >= 0 && this.clockUs() < this.leaseFrom + trustedUs(this.leaseUs())
  }
  readsUnderLease(e: KernelEvent): boolean {
    return this.mayRead(e) && this.underLease()
  }
  /** A read that finds all that others may have chosen before: nothing but a newer leader could make it stale. */
  mayRead(e: KernelEvent): boolean {
    const { commands, nodes } = this.#context
    return (
      this.leaseFrom >= 0 &&
      this.applied >= this.inherited &&
      nodes[this.index]!.machine.reads(commands[e.ref]!.operation)
    )
  }
  clockUs(): number {
    const { kernel, nodes } = this.#context
    return nodes[this.index]!.clock.read(kernel.now)
  }
  leaseUs(): number {
    return LEASE_UNITS * this.#context.plan.timing.unitUs
  }

  /** A new incarnation: it knows nothing but what its acceptor and the others will tell. */
  begin(_e: KernelEvent): void {
    const { kernel, nodes, ghosts } = this.#context
    this.ballot = 0
    this.leaderBallot = 0
    this.highestBallot = 0
    this.heardAt = kernel.now
    this.nextSlot = 0
    this.chosenUpTo = 0
    this.applied = 0
    this.applying = 0
    this.inherited = 0
    this.leaseFrom = -1
    this.#log.length = 0
    this.#slots.clear()
    this.#answers.clear()
    nodes[this.index]!.machine.reset()
    ghosts.nodeStarted(this.index)
  }
  /** When all begin together there is nobody to be heard. */
  expectNobody(_e: KernelEvent): void {
    this.heardAt -= this.#silenceUs
  }
  /** Looks again once it will have been silent for long enough, unless somebody is heard before. */
  watch(_e: KernelEvent): void {
    const { kernel, nodes, plan } = this.#context
    this.watches += 1
    const silentAt = Math.max(kernel.now, this.heardAt + this.#silenceUs)
    const spread = kernel.decide(WATCH, mix2(this.index, this.watches), WATCH_SPREAD * plan.timing.unitUs)
    kernel.schedule(silentAt - kernel.now + spread, nodes[this.index]!.proposer, R.WATCH)
  }
  get #silenceUs(): number {
    return SILENCE_UNITS * this.#context.plan.timing.unitUs
  }
  #later(code: number, at: number, key: number, least: number, spread: number, a: number): void {
    const { kernel, nodes, plan } = this.#context
    const unit = plan.timing.unitUs
    kernel.schedule(least * unit + kernel.decide(at, key, spread * unit), nodes[this.index]!.proposer, code, a)
  }
  #toSelf(code: number, a: number, b: number): void {
    this.#context.kernel.local(this.#context.nodes[this.index]!.proposer, code, a, b)
  }

  // following
  /** Somebody leads, or wants to: another node, or this one. */
  hear(_e: KernelEvent): void {
    this.heardAt = this.#context.kernel.now
  }
  follow(e: KernelEvent): void {
    this.hear(e)
    this.leaderBallot = Math.max(this.leaderBallot, e.a)
    this.highestBallot = Math.max(this.highestBallot, e.a)
    if (e.b > this.chosenUpTo)
      this.#context.toProposer(E.chosen, this.index, nodeOf(e.a), R.CATCH_UP, this.index, this.chosenUpTo, 0)
  }
  redirect(e: KernelEvent): void {
    const { client } = this.#context.commands[e.ref]!
    const leader = this.leaderBallot === 0 ? -1 : nodeOf(this.leaderBallot)
    this.#context.toClient(E.answer, this.index, client, Q.MOVED, e.ref, leader, 0)
  }
  heed(e: KernelEvent): void {
    this.highestBallot = Math.max(this.highestBallot, e.ref)
  }
  /** Somebody else has the promises that it wants, or the others do not answer. */
  standDown(e: KernelEvent): void {
    this.heed(e)
    this.hear(e)
    this.leaseFrom = -1
  }

  // preparing
  bid(e: KernelEvent): void {
    this.hear(e)
    this.ballot = ballotAbove(Math.max(this.ballot, this.highestBallot), this.index)
    this.highestBallot = this.ballot
    this.bidFrom = this.chosenUpTo
    this.leaseFrom = -1
    this.bids = 0
    this.promises = 0
    this.promisedLife.fill(0)
    this.knownLife.fill(0)
    this.#acceptedAt.length = 0
    this.#accepted.length = 0
    this.#prepare()
  }
  askAgain(_e: KernelEvent): void {
    this.#prepare()
  }
  /** Its own acceptor comes first: once the ballot is on that disk, no later incarnation takes it for a new one. */
  #prepare(): void {
    const others = (this.promises & (1 << this.index)) !== 0
    if (others) this.#prepareOthers()
    else this.#context.toAcceptor(E.prepare, this.index, this.index, A.PREPARE, this.ballot, this.bidFrom, 0)
    this.bids += 1
    const key = mix2(this.ballot, this.bids)
    this.#later(R.RETRY, RETRY, key, RETRY_LEAST * this.bids, RETRY_SPREAD, this.ballot)
  }
  #prepareOthers(): void {
    for (let to = 0; to < this.#context.nodes.length; to += 1)
      if (to !== this.index && (this.promises & (1 << to)) === 0)
        this.#context.toAcceptor(E.prepare, this.index, to, A.PREPARE, this.ballot, this.bidFrom, 0)
  }
  /** Of each slot, what has been accepted at the highest ballot may have been chosen: that, and nothing else, is to be proposed. */
  takeOver(e: KernelEvent): void {
    for (const { slot, ballot, command } of (this.#context.mail[e.ref] as Memory).acceptances) {
      while (this.#acceptedAt.length <= slot) {
        this.#acceptedAt.push(0)
        this.#accepted.push(NO_COMMAND)
      }
      if (ballot <= this.#acceptedAt[slot]!) continue
      this.#acceptedAt[slot] = ballot
      this.#accepted[slot] = command
    }
  }
  countPromise(e: KernelEvent): void {
    const { lives } = this.#context.mail[e.ref] as Memory
    const first = this.promises === 0
    this.promises |= 1 << e.b
    this.promisedLife.set(e.b, lives[e.b]!)
    for (let node = 0; node < lives.length; node += 1)
      this.knownLife.set(node, Math.max(this.knownLife.at(node), lives[node]!))
    if (first) this.#prepareOthers()
    // what a node has promised before it lost its memory does not bind it
    let valid = 0
    for (let node = 0; node < lives.length; node += 1)
      if ((this.promises & (1 << node)) !== 0 && this.promisedLife.at(node) === this.knownLife.at(node)) valid += 1
    if (valid >= this.#context.majority) this.#toSelf(R.ELECTED, this.ballot, 0)
  }

  // leading
  lead(e: KernelEvent): void {
    this.#context.observer.phase(P['quorum-led'])
    this.leaderBallot = this.ballot
    this.nextSlot = this.chosenUpTo
    this.#proposed.length = 0
    this.#acceptances.length = 0
    this.#sentAt.length = 0
    this.#slots.clear()
    this.inherited = Math.max(this.chosenUpTo, this.#acceptedAt.length, this.#log.length)
    for (let slot = this.chosenUpTo; slot < this.inherited; slot += 1) {
      const chosen = this.#log[slot] ?? OPEN
      this.#propose(chosen === OPEN ? (this.#accepted[slot] ?? NO_COMMAND) : chosen)
    }
    this.beat(e)
  }
  propose(e: KernelEvent): void {
    this.#propose(e.ref)
  }
  #propose(command: number): void {
    const slot = this.nextSlot
    this.nextSlot += 1
    this.#proposed[slot] = command
    this.#acceptances[slot] = 0
    if (command !== NO_COMMAND) this.#slots.set(command, slot)
    this.#send(slot)
  }
  /** To all that have not accepted it yet. */
  #send(slot: number): void {
    const { kernel, nodes } = this.#context
    this.#sentAt[slot] = kernel.now
    for (let to = 0; to < nodes.length; to += 1)
      if ((this.#acceptances[slot]! & (1 << to)) === 0)
        this.#context.toAcceptor(E.accept, this.index, to, A.ACCEPT, this.ballot, slot, this.#proposed[slot]!)
  }
  proposeAgain(_e: KernelEvent): void {
    const { kernel, plan } = this.#context
    const before = kernel.now - RESEND_UNITS * plan.timing.unitUs
    for (let slot = this.chosenUpTo; slot < this.nextSlot; slot += 1)
      if ((this.#log[slot] ?? OPEN) === OPEN && this.#sentAt[slot]! <= before) this.#send(slot)
  }
  countAcceptance(e: KernelEvent): void {
    this.addAcceptances(e.b, 1 << e.ref)
  }
  /** @param of bit mask of nodes */
  addAcceptances(slot: number, of: number): void {
    const before = this.#acceptances[slot]!
    this.#acceptances[slot] = before | of
    const { majority } = this.#context
    if (bits(before) < majority && bits(before | of) >= majority) this.#toSelf(R.CHOOSE, this.ballot, slot)
  }
  acceptancesOf(slot: number): number {
    return this.#acceptances[slot]!
  }
  choose(e: KernelEvent): void {
    this.#context.observer.phase(P['slot-chosen'])
    const command = this.#proposed[e.b]!
    this.#learn(e.b, command)
    for (let to = 0; to < this.#context.nodes.length; to += 1)
      if (to !== this.index) this.#context.toProposer(E.chosen, this.index, to, R.CHOSEN, e.b, 0, command)
  }

  // the lease
  beat(e: KernelEvent): void {
    this.hear(e)
    this.beatNumber += 1
    this.beatAt = this.clockUs()
    this.grants = 0
    for (let to = 0; to < this.#context.nodes.length; to += 1)
      this.#context.toAcceptor(E.lease, this.index, to, A.BEAT, this.ballot, this.beatNumber, this.chosenUpTo)
    this.#later(R.BEAT, BEAT, mix2(this.index, this.beatNumber), BEAT_LEAST, BEAT_SPREAD, this.ballot)
  }
  countGrant(e: KernelEvent): void {
    this.grants |= 1 << e.ref
    if (bits(this.grants) >= this.#context.majority) this.leaseFrom = this.beatAt
  }

  // learning
  learn(e: KernelEvent): void {
    this.#learn(e.a, e.ref)
  }
  learnList(e: KernelEvent): void {
    for (const [i, command] of (this.#context.mail[e.ref] as readonly number[]).entries()) this.#learn(e.a + i, command)
  }
  teach(e: KernelEvent): void {
    if (e.b >= this.chosenUpTo) return
    const missing = post(this.#context, this.#log.slice(e.b, this.chosenUpTo))
    this.#context.toProposer(E.chosen, this.index, e.a, R.CAUGHT_UP, e.b, 0, missing)
  }
  #learn(slot: number, command: number): void {
    while (this.#log.length <= slot) this.#log.push(OPEN)
    if (this.#log[slot] !== OPEN) return
    this.#log[slot] = command
    while (this.chosenUpTo < this.#log.length && this.#log[this.chosenUpTo] !== OPEN) this.chosenUpTo += 1
    if (this.applied >= this.chosenUpTo || this.applying === 1) return
    this.applying = 1
    this.#toSelf(R.APPLY, 0, 0)
  }
  /** One slot, since who leads answers for it; then the next one. */
  apply(_e: KernelEvent): void {
    const { commands, nodes, ghosts } = this.#context
    const slot = this.applied
    const number = this.#log[slot]!
    this.applied += 1
    ghosts.applied(this.index, slot, number)
    if (number !== NO_COMMAND) {
      const identity = this.#identity(number)
      if (!this.#answers.has(identity)) {
        const answer = nodes[this.index]!.machine.apply(commands[number]!.operation)
        this.#answers.set(identity, { answer, slots: this.applied })
      }
      if (this.leads) this.#answerKnown(number)
    }
    if (this.applied < this.chosenUpTo) this.#toSelf(R.APPLY, 0, 0)
    else this.applying = 0
  }
  answerAgain(e: KernelEvent): void {
    this.#answerKnown(e.ref)
  }
  #answerKnown(number: number): void {
    const { answer, slots } = this.#answers.get(this.#identity(number))!
    this.#answer(number, answer, slots)
  }
  answerFromState(e: KernelEvent): void {
    const { commands, nodes } = this.#context
    this.#answer(e.ref, nodes[this.index]!.machine.read(commands[e.ref]!.operation), this.applied)
  }
  #answer(number: number, answer: unknown, slots: number): void {
    const { kernel, commands } = this.#context
    kernel.effect('answer')
    const { client } = commands[number]!
    this.#context.toClient(E.answer, this.index, client, Q.ANSWERED, number, slots, post(this.#context, answer))
  }
  #identity(number: number): number {
    const { session, sequence }: Command = this.#context.commands[number]!
    return session * SEQUENCES + sequence
  }
}
